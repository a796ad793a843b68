package larder.cache.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;
import larder.cache.statistics.Observations;
import larder.cache.statistics.Timings;
import org.jspecify.annotations.Nullable;

/**
 * The histograms of latencies, from a tenth of a millisecond to a second.
 *
 * <p>What nobody waits for is timed here. What a caller waits for is an observation, of which
 * Micrometer makes a timer; {@link Buckets} gives that the same few buckets.
 */
public final class LatencyMetrics implements MeterBinder, Timings {

  private static final String REMOTE_SET = "larder.remote.set";
  private static final String DELIVERY = "larder.log.delivery";

  private static final Set<String> HISTOGRAMS =
      Set.of(Observations.LOAD, Observations.REMOTE_GET, Observations.APPEND, REMOTE_SET, DELIVERY);

  private static final double[] MILLIS = {0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 1_000};

  private final List<Timers> bound = new CopyOnWriteArrayList<>();

  private record Timers(Timer set, Timer delivery) {}

  @Override
  public void bindTo(MeterRegistry registry) {
    Timer set =
        Timer.builder(REMOTE_SET)
            .description("Answers of Redis to what stores an entry")
            .register(registry);
    Timer delivery =
        Timer.builder(DELIVERY)
            .description("From the beginning of an append until this node's reader has met it")
            .register(registry);
    bound.add(new Timers(set, delivery));
  }

  @Override
  public void remoteSet(long nanos) {
    bound.forEach(timers -> timers.set().record(nanos, TimeUnit.NANOSECONDS));
  }

  @Override
  public void delivered(long nanos) {
    bound.forEach(timers -> timers.delivery().record(nanos, TimeUnit.NANOSECONDS));
  }

  /** Gives the layer's timers their buckets, unless a setting of the application has. */
  public static final class Buckets implements MeterFilter {

    private static final DistributionStatisticConfig FEW =
        DistributionStatisticConfig.builder()
            .serviceLevelObjectives(
                DoubleStream.of(MILLIS).map(millis -> millis * 1_000_000).toArray())
            .build();

    @Override
    public @Nullable DistributionStatisticConfig configure(
        Meter.Id id, @Nullable DistributionStatisticConfig config) {
      boolean ours = id.getType() == Meter.Type.TIMER && HISTOGRAMS.contains(id.getName());
      return ours && config != null ? config.merge(FEW) : config;
    }
  }
}
