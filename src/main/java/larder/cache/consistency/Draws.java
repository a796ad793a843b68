package larder.cache.consistency;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** The lot that falls on one call in so many, and on no more than so many in a second. */
final class Draws {

  private final int oneIn;
  private final long pauseNanos;
  private final LongSupplier nanoClock;
  private final AtomicLong nextNanos;

  /**
   * @param oneIn of so many calls one is drawn, on average; 0: none
   * @param perSecond most in a second, at least 1
   */
  Draws(int oneIn, int perSecond, LongSupplier nanoClock) {
    this.oneIn = oneIn;
    this.pauseNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
    this.nanoClock = nanoClock;
    this.nextNanos = new AtomicLong(nanoClock.getAsLong());
  }

  /** Whether the lot falls on a call; takes no lock and looks at no clock. */
  boolean fall() {
    return oneIn > 0 && ThreadLocalRandom.current().nextInt(oneIn) == 0;
  }

  /** Whether one more may be drawn in this second, which then counts as drawn. */
  boolean take() {
    long now = nanoClock.getAsLong();
    long next = nextNanos.get();
    return now - next >= 0 && nextNanos.compareAndSet(next, now + pauseNanos);
  }
}
