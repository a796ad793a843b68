package larder.cache.autoconfigure;

import larder.cache.log.node.LogFollower;
import larder.cache.log.service.LogService;
import larder.cache.metrics.CacheMetrics;
import larder.cache.metrics.NodeMetrics;
import larder.cache.metrics.RedisMetrics;
import larder.cache.near.NearCache;
import larder.cache.redis.RedisCalls;
import larder.cache.redis.RedisSampler;
import larder.cache.statistics.Statistics;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The layer's meters, for an application that has Micrometer. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(name = "io.micrometer.core.instrument.binder.MeterBinder")
class MetricsConfiguration {

  @Bean
  CacheMetrics larderCacheMetrics(Statistics statistics) {
    return new CacheMetrics(statistics);
  }

  @Bean
  NodeMetrics larderNodeMetrics(
      LogFollower follower, LogService service, NearCache near, RedisCalls redis) {
    return new NodeMetrics(follower, service, near, redis);
  }

  @Bean
  RedisMetrics larderRedisMetrics(RedisSampler sampler) {
    return new RedisMetrics(sampler);
  }
}
