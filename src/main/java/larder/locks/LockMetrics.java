package larder.locks;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;

/** The meters of locks, by kind. */
public final class LockMetrics implements MeterBinder {

  private final Locks locks;

  public LockMetrics(Locks locks) {
    this.locks = locks;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    locks.observe(figures -> bind(figures, registry));
  }

  private static void bind(LockFigures figures, MeterRegistry registry) {
    Gauge.builder("larder.locks.held", figures, LockFigures::holding)
        .tag("lock", figures.name())
        .description("Locks that this node holds")
        .register(registry);
    counter("taken", "", LockFigures::takenCount, "Locks taken", figures, registry);
    String skipped = "Calls whose lock was not to be had";
    counter("skipped", "busy", LockFigures::busyCount, skipped, figures, registry);
    counter("skipped", "away", LockFigures::awayCount, skipped, figures, registry);
    String lost = "Locks whose lease ran out before they were given back";
    counter("lost", "", LockFigures::lostCount, lost, figures, registry);
  }

  private static void counter(
      String name,
      String reason,
      ToDoubleFunction<LockFigures> count,
      String description,
      LockFigures figures,
      MeterRegistry registry) {
    FunctionCounter.Builder<LockFigures> counter =
        FunctionCounter.builder("larder.locks." + name, figures, count)
            .tag("lock", figures.name())
            .description(description);
    if (!reason.isEmpty()) {
      counter.tag("reason", reason);
    }
    counter.register(registry);
  }
}
