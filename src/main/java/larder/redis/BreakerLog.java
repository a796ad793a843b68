package larder.redis;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a {@link Breaker} says in the log: that Redis does not answer, once for each time, and that
 * answers are late, once in a while. One thread at a time.
 */
final class BreakerLog {

  private static final Logger log = LoggerFactory.getLogger(Breaker.class);

  /** Between two warnings that answers are late. */
  private static final Duration LATE_PAUSE = Duration.ofMinutes(1);

  private final LongSupplier nanoClock;
  private @Nullable String kept; // why it was opened, until that was said or done with
  private long late;
  private long lateSaidNanos;
  private boolean everClosed;

  BreakerLog(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** The first probe is under way for longer than anybody waits. */
  void waiting() {
    log.info("Redis has not answered yet: cached calls go to their methods until it does");
  }

  /** Nobody has reached Redis since the start. */
  void notReached(Throwable failure) {
    log.warn("Redis cannot be reached: cached calls go to their methods until it can", failure);
  }

  /**
   * It was opened.
   *
   * @param perhapsLate whether an answer may only be late, which is not worth a word
   */
  void opened(String why, boolean perhapsLate) {
    kept = why;
    if (!perhapsLate) {
      stillOpen();
    }
  }

  /** It will not be closed soon. */
  void stillOpen() {
    if (kept != null) {
      log.warn("Redis does not answer ({}): cached calls go to their methods until it does", kept);
      kept = null;
    }
  }

  /** It was closed. */
  void closed() {
    if (kept != null) {
      late++;
      sayThatAnswersAreLate();
      kept = null;
    } else {
      log.info("Redis answers: {}", everClosed ? "its entries are used again" : "cache is ready");
    }
    everClosed = true;
  }

  private void sayThatAnswersAreLate() {
    long now = nanoClock.getAsLong();
    if (late == 1 || now - lateSaidNanos >= LATE_PAUSE.toNanos()) {
      lateSaidNanos = now;
      log.warn(
          "{} answers of Redis came too late ({}): Redis or this process has more to do than it can",
          late,
          kept);
    }
  }
}
