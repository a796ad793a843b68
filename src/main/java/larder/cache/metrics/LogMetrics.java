package larder.cache.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import larder.cache.log.node.LogFollower;
import larder.cache.log.service.MeasuredLog;
import larder.cache.outbox.OutboxRelay;
import larder.cache.outbox.RelayState;
import org.jspecify.annotations.Nullable;

/**
 * The meters of what is under way: records that this node has not applied, and rows of the outbox
 * that the log has not had. They tell what is known and ask nobody.
 */
public final class LogMetrics implements MeterBinder {

  private final MeasuredLog log;
  private final LogFollower follower;
  private final @Nullable OutboxRelay relay;

  /**
   * @param relay null where there is no outbox
   */
  public LogMetrics(MeasuredLog log, LogFollower follower, @Nullable OutboxRelay relay) {
    this.log = log;
    this.follower = follower;
    this.relay = relay;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("larder.log.lag", log, l -> l.lag(follower.position()))
        .description("Records known to stand in the log that this node has not applied")
        .register(registry);
    if (relay != null) {
      Gauge.builder("larder.outbox.depth", relay, LogMetrics::depth)
          .description("Rows of the outbox that the log had not had a few seconds ago, up to 10001")
          .register(registry);
      Gauge.builder("larder.outbox.relay", relay, LogMetrics::works)
          .description("1 while this node's relay works, 0 while it cannot")
          .register(registry);
    }
  }

  private static double depth(OutboxRelay relay) {
    return relay.sampledDepth().stream().asDoubleStream().findAny().orElse(Double.NaN);
  }

  /** Where there is nothing to relay, it neither works nor fails. */
  private static double works(OutboxRelay relay) {
    RelayState state = relay.state();
    return switch (state.level()) {
      case LOG -> Double.NaN;
      case UNDECIDED -> 0;
      case OUTBOX -> state.trouble() == null ? 1 : 0;
    };
  }
}
