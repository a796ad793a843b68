package larder.cache.autoconfigure;

import larder.cache.health.CacheHealth;
import larder.cache.overview.NodeReporter;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The layer's health, for an application that shows its own. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(name = "org.springframework.boot.health.contributor.HealthIndicator")
class HealthConfiguration {

  @Bean
  CacheHealth larderHealthIndicator(NodeReporter node) {
    return new CacheHealth(node);
  }
}
