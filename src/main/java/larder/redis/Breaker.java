package larder.redis;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows whether Redis answers, so that callers need not find out each by waiting.
 *
 * <p>It starts open (nobody is let through). While it is open, a probe runs in the background, one
 * at a time, until one succeeds, which closes it. The first failure that a caller reports opens it
 * again. Asking is one volatile read.
 *
 * <p>A probe may succeed where callers fail: one server of a cluster hangs, or one kind of command.
 * So a failure soon after it was closed makes the next probe wait, twice as long each time up to a
 * limit; otherwise callers would find out every time anew, each by a deadline.
 *
 * <p>Where threads wait for a processor, as in a process that has more to do than it can, or in one
 * that collects garbage, an answer is late now and then and Redis is there all the time. To leave
 * the caches then would send all callers to the database when it can bear them least. So the late
 * answer itself closes the breaker again, if enough others were in time since it was last opened. A
 * Redis that hangs sends none, and one that is slow throughout has none in time: both are left to
 * the probe.
 *
 * <p>Each closing has a number, and a call is of the closing that it found when it began. A failure
 * counts only if no other closing has come since: a call that began before an outage may end,
 * unanswered, after the probe that ended the outage, and says nothing of the present. (One that
 * found the old closing, was held up, and was sent after the new one is passed over too; the next
 * call finds out.)
 */
final class Breaker implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Breaker.class);

  /** The number of no closing: the breaker is open. */
  static final long OPEN = 0;

  private static final Duration SOON = Duration.ofSeconds(1);
  private static final int MOST_DOUBLINGS = 3;

  /** So many answers in time make up for one that is late. */
  private static final int ENOUGH_IN_TIME = 20;

  /** Between two warnings that answers are late. */
  private static final Duration LATE_PAUSE = Duration.ofMinutes(1);

  private final Runnable probe;
  private final Duration interval;
  private final ScheduledExecutorService scheduler;
  private final LongSupplier nanoClock;
  private final Object change = new Object();
  private final CountDownLatch firstProbe = new CountDownLatch(1);
  private final LongAdder inTime = new LongAdder();
  private volatile long closing = OPEN; // written under change
  private volatile boolean everClosed;
  private boolean shut; // guarded by change
  private long closings; // guarded by change
  private long closedNanos; // guarded by change
  private int relapses; // how often in a row it was opened soon after it was closed; as above
  private long inTimeBefore; // answers in time when it was last opened; as above
  private @Nullable String why; // it was opened, until that was said; as above
  private long late; // how often a late answer has closed it; as above
  private long lateSaidNanos; // when that was said; as above
  private boolean scheduled; // whether a probe is; as above
  private boolean mayBeLate; // whether a late answer closes it; as above

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

  /** Takes note that Redis answered a call in time. */
  void answered() {
    inTime.increment();
  }

  /** Takes note that Redis answered a call whose caller had left. */
  void answeredLate() {
    if (isClosed()) {
      return;
    }
    synchronized (change) {
      if (!isClosed() && !shut && mayBeLate) {
        closing = ++closings;
        closedNanos = nanoClock.getAsLong();
        late++;
        sayThatAnswersAreLate();
      }
    }
  }

  private void sayThatItIsOpen() {
    log.warn("Redis does not answer ({}): cached calls go to their methods until it does", why);
    why = null;
  }

  private void sayThatAnswersAreLate() {
    long now = nanoClock.getAsLong();
    if (late == 1 || now - lateSaidNanos >= LATE_PAUSE.toNanos()) {
      lateSaidNanos = now;
      log.warn(
          "{} answers of Redis came too late ({}): Redis or this process has more to do than it can",
          late,
          why);
    }
    why = null;
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
        why = reason;
        long answers = inTime.sum();
        mayBeLate = answers - inTimeBefore >= ENOUGH_IN_TIME;
        inTimeBefore = answers;
        if (!mayBeLate) {
          sayThatItIsOpen();
        }
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
    if (!isWanted()) {
      return; // a late answer has closed it
    }
    try {
      probe.run();
      boolean said = closeUnlessShut();
      if (said) {
        log.info("Redis answers: {}", everClosed ? "its entries are used again" : "cache is ready");
      }
      everClosed = true;
    } catch (RuntimeException | Error e) {
      if (firstProbe.getCount() > 0) {
        log.warn("Redis cannot be reached: cached calls go to their methods until it can", e);
      }
      scheduleUnlessClosed();
    } finally {
      firstProbe.countDown();
    }
  }

  private boolean isWanted() {
    synchronized (change) {
      scheduled = false;
      return !isClosed();
    }
  }

  /** Returns whether anybody was told that it was open. */
  private boolean closeUnlessShut() {
    synchronized (change) {
      closing = shut ? OPEN : ++closings;
      closedNanos = nanoClock.getAsLong();
      boolean said = why == null;
      why = null;
      return said;
    }
  }

  private void scheduleUnlessClosed() {
    synchronized (change) {
      if (!isClosed()) {
        if (why != null) {
          sayThatItIsOpen();
        }
        scheduleProbe(interval);
      }
    }
  }

  private void scheduleProbe(Duration delay) {
    synchronized (change) {
      if (!shut && !scheduled) {
        scheduled = true;
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
