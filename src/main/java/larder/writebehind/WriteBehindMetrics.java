package larder.writebehind;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;

/** The meters of all buffers: counts of this node, and what it saw last. They ask nobody. */
public final class WriteBehindMetrics implements MeterBinder {

  private final WriteBehindBuffers buffers;

  public WriteBehindMetrics(WriteBehindBuffers buffers) {
    this.buffers = buffers;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    buffers.watch(buffer -> bind(registry, buffer));
  }

  private static void bind(MeterRegistry registry, RunningBuffer buffer) {
    String name = buffer.declaration().name();
    Counts counts = buffer.counts();
    for (AppendOutcome outcome : AppendOutcome.values()) {
      FunctionCounter.builder(
              "larder.writebehind.appends", counts.of(outcome), LongAdder::doubleValue)
          .description("Writes by what is known of their append")
          .tags("buffer", name, "outcome", outcome.word())
          .register(registry);
    }
    count(registry, name, "applied", "Writes that this node wrote behind", counts.applied);
    count(registry, name, "repeated", "Writes taken again, and known", counts.repeated);
    count(registry, name, "batches", "Transactions of batches that ended well", counts.batches);
    count(registry, name, "retries", "Attempts that failed", counts.retries);
    count(registry, name, "dead", "Writes put aside by this node", counts.buried);
    count(registry, name, "dropped", "Refused writes that were given up", counts.dropped);
    count(registry, name, "through", "Refused writes written at once", counts.writtenThrough);
    gauge(registry, buffer, "length", "Writes that wait", BufferReport::length);
    gauge(
        registry,
        buffer,
        "oldest.age",
        "Seconds that the first of them waits",
        report -> (double) report.oldest().toMillis() / TimeUnit.SECONDS.toMillis(1));
  }

  private static void count(
      MeterRegistry registry, String buffer, String what, String description, LongAdder counted) {
    FunctionCounter.builder("larder.writebehind." + what, counted, LongAdder::doubleValue)
        .description(description)
        .tag("buffer", buffer)
        .register(registry);
  }

  private static void gauge(
      MeterRegistry registry,
      RunningBuffer buffer,
      String what,
      String description,
      ToDoubleFunction<BufferReport> value) {
    Gauge.builder(
            "larder.writebehind." + what,
            buffer,
            seen -> {
              BufferReport report = seen.report();
              return report.known() ? value.applyAsDouble(report) : Double.NaN;
            })
        .description(description)
        .tag("buffer", buffer.declaration().name())
        .register(registry);
  }
}
