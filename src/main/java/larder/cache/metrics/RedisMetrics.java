package larder.cache.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;
import larder.cache.redis.RedisFigures;
import larder.cache.redis.RedisSampler;
import larder.cache.redis.ServerFigures;

/**
 * The meters of the Redis servers, as last sampled; NaN while nothing recent is known. Reading them
 * asks nobody.
 */
public final class RedisMetrics implements MeterBinder {

  private final RedisSampler sampler;

  public RedisMetrics(RedisSampler sampler) {
    this.sampler = sampler;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("larder.redis.memory.used", sampler, sum(ServerFigures::usedMemory))
        .description("Memory that the Redis servers use")
        .baseUnit("bytes")
        .register(registry);
    Gauge.builder("larder.redis.memory.max", sampler, last(RedisFigures::maxMemory))
        .description("Most memory that the Redis servers may use; NaN without a limit")
        .baseUnit("bytes")
        .register(registry);
    counter(
        "larder.redis.evicted.keys",
        "Keys that Redis has given up for room",
        sum(ServerFigures::evictedKeys),
        registry);
    counter(
        "larder.redis.expired.keys",
        "Keys whose time to live was over",
        sum(ServerFigures::expiredKeys),
        registry);
    counter(
        "larder.redis.keyspace.hits",
        "Lookups in Redis that found a key, by anybody",
        sum(ServerFigures::keyspaceHits),
        registry);
    counter(
        "larder.redis.keyspace.misses",
        "Lookups in Redis that found none, by anybody",
        sum(ServerFigures::keyspaceMisses),
        registry);
  }

  private void counter(
      String name, String about, ToDoubleFunction<RedisSampler> count, MeterRegistry registry) {
    FunctionCounter.builder(name, sampler, count).description(about).register(registry);
  }

  private static ToDoubleFunction<RedisSampler> sum(ToDoubleFunction<ServerFigures> figure) {
    return last(figures -> figures.sum(figure));
  }

  private static ToDoubleFunction<RedisSampler> last(ToDoubleFunction<RedisFigures> figure) {
    return sampler -> sampler.figures().map(figure::applyAsDouble).orElse(Double.NaN);
  }
}
