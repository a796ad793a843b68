package larder.cache.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import larder.cache.warmup.CallMemory;
import larder.cache.warmup.Warmup;
import larder.cache.warmup.Warmup.Outcome;
import larder.cache.warmup.WarmupProgress;

/** The meters of the warm-up. */
public final class WarmupMetrics implements MeterBinder {

  private final Warmup warmup;
  private final CallMemory memory;

  public WarmupMetrics(Warmup warmup, CallMemory memory) {
    this.warmup = warmup;
    this.memory = memory;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (Outcome outcome : Outcome.values()) {
      FunctionCounter.builder("larder.warmup.calls", warmup, w -> w.total(outcome))
          .description("Remembered calls of the warm-ups that have ended")
          .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
    Gauge.builder("larder.warmup.running", warmup, w -> isRunning(w) ? 1 : 0)
        .description("1 while caches are warmed")
        .register(registry);
    TimeGauge.builder("larder.warmup.time", warmup, TimeUnit.NANOSECONDS, WarmupMetrics::nanos)
        .description("Time that the last warm-up took, or takes so far")
        .register(registry);
    Gauge.builder("larder.warmup.remembered", memory, CallMemory::size)
        .description("Calls that this node has counted")
        .register(registry);
  }

  private static boolean isRunning(Warmup warmup) {
    return warmup.progress().filter(WarmupProgress::running).isPresent();
  }

  private static double nanos(Warmup warmup) {
    return warmup.progress().map(last -> (double) last.took().toNanos()).orElse(Double.NaN);
  }
}
