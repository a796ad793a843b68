package larder.limit.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.atomic.LongAdder;
import larder.limit.LimitCatalog;
import larder.limit.LimitCounts;

/** What happened to the calls of each limit, and which of them this node decided by itself. */
public final class LimitMetrics implements MeterBinder {

  private final LimitCatalog catalog;
  private final LimitCounts counts;

  public LimitMetrics(LimitCatalog catalog, LimitCounts counts) {
    this.catalog = catalog;
    this.counts = counts;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (LimitCatalog.Declared one : catalog.all()) {
      String limit = one.limit().name();
      LimitCounts.Count count = counts.of(limit);
      outcome(registry, limit, "allowed", count.allowed());
      outcome(registry, limit, "refused", count.refused());
      outcome(registry, limit, "away", count.away());
      FunctionCounter.builder("larder.limits.local", count.local(), LongAdder::sum)
          .description("Calls that this node decided by itself because Redis was away")
          .tag("limit", limit)
          .register(registry);
    }
  }

  private static void outcome(
      MeterRegistry registry, String limit, String outcome, LongAdder count) {
    FunctionCounter.builder("larder.limits", count, LongAdder::sum)
        .description("Calls that a rate limit allowed, refused, or let through for want of Redis")
        .tag("limit", limit)
        .tag("outcome", outcome)
        .register(registry);
  }
}
