package larder.cache.warmup;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Keeps several threads together at so many loads in a second. Thread-safe. */
final class Pacer {

  private final long periodNanos;
  private final LongSupplier nanoClock;

  /** When the next load may begin; guarded by this. */
  private long nextNanos;

  Pacer(int perSecond, LongSupplier nanoClock) {
    this.periodNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
    this.nanoClock = nanoClock;
    this.nextNanos = nanoClock.getAsLong();
  }

  /** Takes the place of one load, and returns how long it has to wait, in nanoseconds. */
  synchronized long take() {
    long now = nanoClock.getAsLong();
    long at = nextNanos - now > 0 ? nextNanos : now;
    nextNanos = at + periodNanos;
    return at - now;
  }

  /** Has what took one place count for as many loads as there were, which may be none. */
  synchronized void settle(int loads) {
    nextNanos += (loads - 1) * periodNanos;
  }
}
