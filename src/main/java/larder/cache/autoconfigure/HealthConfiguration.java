package larder.cache.autoconfigure;

import larder.cache.health.CacheHealth;
import larder.cache.log.service.LogService;
import larder.cache.outbox.OutboxRelay;
import larder.cache.redis.RedisCalls;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The layer's health, for an application that shows its own. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(name = "org.springframework.boot.health.contributor.HealthIndicator")
class HealthConfiguration {

  @Bean
  CacheHealth larderHealthIndicator(
      RedisCalls redis, LogService log, ObjectProvider<OutboxRelay> relay) {
    return new CacheHealth(redis, log, relay.getIfAvailable());
  }
}
