package larder.cache.autoconfigure;

import larder.cache.log.node.LogFollower;
import larder.cache.log.service.LogService;
import larder.cache.log.service.MeasuredLog;
import larder.cache.manager.Tiers;
import larder.cache.metrics.CacheMetrics;
import larder.cache.metrics.LatencyMetrics;
import larder.cache.metrics.LogMetrics;
import larder.cache.metrics.NodeMetrics;
import larder.cache.metrics.RedisMetrics;
import larder.cache.metrics.RemoteMetrics;
import larder.cache.metrics.WarmupMetrics;
import larder.cache.outbox.OutboxRelay;
import larder.cache.redis.RedisSampler;
import larder.cache.statistics.Statistics;
import larder.cache.warmup.CallMemory;
import larder.cache.warmup.Warmup;
import larder.redis.RedisCalls;
import org.springframework.beans.factory.ObjectProvider;
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
  NodeMetrics larderNodeMetrics(LogFollower follower, LogService service, RedisCalls redis) {
    return new NodeMetrics(follower, service, redis);
  }

  @Bean
  LogMetrics larderLogMetrics(
      MeasuredLog log, LogFollower follower, ObjectProvider<OutboxRelay> relay) {
    return new LogMetrics(log, follower, relay.getIfAvailable());
  }

  @Bean
  LatencyMetrics larderLatencyMetrics() {
    return new LatencyMetrics();
  }

  @Bean
  static LatencyMetrics.Buckets larderLatencyBuckets() {
    return new LatencyMetrics.Buckets();
  }

  @Bean
  RedisMetrics larderRedisMetrics(RedisSampler sampler) {
    return new RedisMetrics(sampler);
  }

  @Bean
  RemoteMetrics larderRemoteMetrics(Tiers tiers) {
    return new RemoteMetrics(tiers.remote());
  }

  @Bean
  WarmupMetrics larderWarmupMetrics(Warmup warmup, CallMemory memory) {
    return new WarmupMetrics(warmup, memory);
  }
}
