package larder.redis;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows whether Redis answers, so that callers need not find out each by waiting.
 *
 * <p>It starts open (nobody is let through). While it is open, a probe runs in the background, one
 * at a time, until one succeeds, which closes it. The first failure that a caller reports opens it
 * again. Asking is one volatile read.
 *
 * <p>Each closing has a number, and a call is of the closing that it found when it began. A failure
 * counts only if no other closing has come since: a call that began before an outage may end,
 * unanswered, after the probe that ended the outage, and says nothing of the present. (One that
 * found the old closing, was held up, and was sent after the new one is passed over too; the next
 * call finds out.)
 *
 * <p>A probe may succeed where callers fail: one server of a cluster hangs, or one kind of command.
 * So a failure soon after it was closed makes the next probe wait, twice as long each time up to a
 * limit; otherwise callers would find out every time anew, each by a deadline.
 */
final class Breaker implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Breaker.class);

  /** The number of no closing: the breaker is open. */
  static final long OPEN = 0;

  private static final Duration SOON = Duration.ofSeconds(1);
  private static final int MOST_DOUBLINGS = 3;

  private final Runnable probe;
  private final Duration interval;
  private final ScheduledExecutorService scheduler;
  private final LongSupplier nanoClock;
  private final Object change = new Object();
  private final CountDownLatch firstProbe = new CountDownLatch(1);
  private volatile long closing = OPEN; // written under change
  private volatile boolean everClosed;
  private boolean shut; // guarded by change
  private long closings; // guarded by change
  private long closedNanos; // guarded by change
  private int relapses; // how often in a row it was opened soon after it was closed; as above

  /**
   * @param probe asks Redis and makes good what was missed; throws if that failed
   * @param interval time between two probes
   * @param scheduler runs the probes; shut down with this
   * @param nanoClock the monotonic clock
   */
  Breaker(
      Runnable probe,
      Duration interval,
      ScheduledExecutorService scheduler,
      LongSupplier nanoClock) {
    this.probe = probe;
    this.interval = interval;
    this.scheduler = scheduler;
    this.nanoClock = nanoClock;
  }

  /**
   * Sends the first probe and waits for its end.
   *
   * @param patience longest wait
   */
  void start(Duration patience) {
    scheduler.execute(this::probe);
    try {
      if (!firstProbe.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        log.info("Redis has not answered yet: cached calls go to their methods until it does");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether Redis may be asked. */
  boolean isClosed() {
    return closing != OPEN;
  }

  /**
   * Returns the number of the closing that lets callers through now; {@link #OPEN} if Redis may not
   * be asked.
   */
  long closing() {
    return closing;
  }

  /**
   * Takes note that Redis did not answer.
   *
   * @param found what {@link #closing} was when the call began
   */
  void failed(String reason, long found) {
    synchronized (change) {
      if (found != OPEN && found == closing) {
        closing = OPEN;
        log.warn(
            "Redis does not answer ({}): cached calls go to their methods until it does", reason);
        scheduleProbe(delayAfterFailure());
      }
    }
  }

  private Duration delayAfterFailure() {
    boolean relapse = nanoClock.getAsLong() - closedNanos < SOON.toNanos();
    relapses = relapse ? Math.min(relapses + 1, MOST_DOUBLINGS + 1) : 0;
    return relapses == 0 ? Duration.ZERO : interval.multipliedBy(1L << (relapses - 1));
  }

  private void probe() {
    try {
      probe.run();
      closeUnlessShut();
      log.info("Redis answers: {}", everClosed ? "its entries are used again" : "cache is ready");
      everClosed = true;
    } catch (RuntimeException | Error e) {
      if (firstProbe.getCount() > 0) {
        log.warn("Redis cannot be reached: cached calls go to their methods until it can", e);
      }
      scheduleProbe(interval);
    } finally {
      firstProbe.countDown();
    }
  }

  private void closeUnlessShut() {
    synchronized (change) {
      closing = shut ? OPEN : ++closings;
      closedNanos = nanoClock.getAsLong();
    }
  }

  private void scheduleProbe(Duration delay) {
    synchronized (change) {
      if (!shut) {
        var unused = scheduler.schedule(this::probe, delay.toMillis(), TimeUnit.MILLISECONDS);
      }
    }
  }

  @Override
  public void close() {
    synchronized (change) {
      closing = OPEN;
      shut = true;
    }
    scheduler.shutdownNow();
  }
}
