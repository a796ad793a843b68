package larder.cache.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;
import larder.cache.log.node.LogFollower;
import larder.cache.log.service.LogService;
import larder.redis.RedisCalls;

/** The meters of this node: what it knows of the log, and whether Redis answers. */
public final class NodeMetrics implements MeterBinder {

  private final LogFollower follower;
  private final LogService service;
  private final RedisCalls redis;

  public NodeMetrics(LogFollower follower, LogService service, RedisCalls redis) {
    this.follower = follower;
    this.service = service;
    this.redis = redis;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("larder.log.epoch", follower, f -> f.position().epoch())
        .description("History of the log that this node follows")
        .register(registry);
    Gauge.builder("larder.log.position", follower, f -> f.position().n())
        .description("Last record of the log that this node has applied")
        .register(registry);
    TimeGauge.builder("larder.currentness.age", service, TimeUnit.NANOSECONDS, NodeMetrics::age)
        .description("Time since the instant before which every change is known here")
        .register(registry);
    Gauge.builder("larder.degraded", service, s -> s.isCurrent() ? 0 : 1)
        .description(
            "1 while this node does not know that it is current and keeps its own loads only")
        .register(registry);
    Gauge.builder("larder.redis.available", redis, r -> r.isAvailable() ? 1 : 0)
        .description("1 while Redis answers in time")
        .register(registry);
  }

  private static double age(LogService service) {
    return service.age().map(age -> (double) age.toNanos()).orElse(Double.NaN);
  }
}
