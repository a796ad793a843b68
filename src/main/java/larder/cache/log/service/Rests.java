package larder.cache.log.service;

import java.util.concurrent.TimeUnit;

/** How long who waits for news rests after some have come. Used by one thread. */
final class Rests {

  /** News that follow others within so short a time are many. */
  static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** How much later the next news may come, if they are many. */
  static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private long lastNanos;
  private boolean any;

  /**
   * Returns how long to rest, in nanoseconds; 0 as long as records come one by one.
   *
   * @param records how many came at once, at least one
   * @param now when, by the monotonic clock
   */
  long after(int records, long now) {
    boolean soon = any && now - lastNanos < SOON_NANOS;
    any = true;
    lastNanos = now;
    return soon || records > 1 ? REST_NANOS : 0;
  }
}
