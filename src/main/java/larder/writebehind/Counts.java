package larder.writebehind;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** What this node has done for a buffer since it started. Thread-safe. */
final class Counts {

  /** Events of the last minute, by seconds. */
  static final class Rate {

    private static final int SECONDS = 60;

    private final LongSupplier nanos;
    private final long[] counts = new long[SECONDS]; // guarded by this
    private long newest; // the second of the last event, likewise

    Rate(LongSupplier nanos) {
      this.nanos = nanos;
      this.newest = second();
    }

    private long second() {
      return nanos.getAsLong() / 1_000_000_000L;
    }

    private void forward() {
      long now = second();
      for (long passed = Math.max(newest + 1, now - SECONDS + 1); passed <= now; passed++) {
        counts[Math.floorMod(passed, SECONDS)] = 0;
      }
      newest = Math.max(newest, now);
    }

    synchronized void add(int events) {
      forward();
      counts[Math.floorMod(newest, SECONDS)] += events;
    }

    /** Returns the events of each second, on average over the last minute. */
    synchronized double perSecond() {
      forward();
      long sum = 0;
      for (long count : counts) {
        sum += count;
      }
      return (double) sum / SECONDS;
    }
  }

  final LongAdder applied = new LongAdder();
  final LongAdder buried = new LongAdder();
  final LongAdder repeated = new LongAdder();
  final LongAdder retries = new LongAdder();
  final LongAdder batches = new LongAdder();
  final LongAdder writtenThrough = new LongAdder();
  final LongAdder dropped = new LongAdder();
  final Rate rate;

  private final Map<AppendOutcome, LongAdder> appends = new EnumMap<>(AppendOutcome.class);

  Counts(LongSupplier nanos) {
    rate = new Rate(nanos);
    for (AppendOutcome outcome : AppendOutcome.values()) {
      appends.put(outcome, new LongAdder());
    }
  }

  LongAdder of(AppendOutcome outcome) {
    return appends.getOrDefault(outcome, dropped);
  }

  void add(Batch.Outcome outcome) {
    applied.add(outcome.applied());
    buried.add(outcome.buried());
    repeated.add(outcome.repeated());
    batches.increment();
    rate.add(outcome.applied());
  }
}
