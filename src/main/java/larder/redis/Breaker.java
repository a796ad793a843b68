package larder.redis;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

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
 * answer itself closes the breaker again:
 *
 * <ul>
 *   <li><em>Redis hangs.</em> No late answer comes. The callers that wait do so for a deadline, and
 *       the first of them ends it for all others; the probe finds out when Redis is back.
 *   <li><em>Now and then an answer is late.</em> It closes the breaker as soon as it comes.
 *   <li><em>The process stood still,</em> and all answers under way are late together. The first
 *       failure opens it, the first answer closes it, and the rest are of an old closing: one late
 *       answer.
 *   <li><em>Redis is slow throughout,</em> or more often than {@link LateAnswers} forgive. A late
 *       answer leaves it open. The probe closes it when its own answer is in time.
 *   <li><em>The node is cold,</em> its threads load classes, and nothing is known of Redis. As many
 *       are forgiven as of a Redis that was always in time, and no more.
 * </ul>
 *
 * <p>Each closing has a number, and a call is of the closing that it found when it began. A failure
 * counts only if no other closing has come since: a call that began before an outage may end,
 * unanswered, after the probe that ended the outage, and says nothing of the present. (One that
 * found the old closing, was held up, and was sent after the new one is passed over too; the next
 * call finds out.)
 */
final class Breaker implements AutoCloseable {

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
  private final LateAnswers late = new LateAnswers();
  private final BreakerLog log; // guarded by change
  private volatile long closing = OPEN; // written under change
  private boolean shut; // guarded by change
  private long closings; // guarded by change
  private long probedNanos; // when a probe last closed it; as above
  private boolean closedByProbe; // whether that was the last closing; as above
  private int relapses; // how often in a row it was opened soon after a probe closed it; as above
  private long turns; // how many probes were scheduled; as above
  private long wanted; // the turn of the one that is waited for, 0 if none is; as above

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
    this.log = new BreakerLog(nanoClock);
  }

  /**
   * Sends the first probe and waits for its end.
   *
   * @param patience longest wait
   */
  void start(Duration patience) {
    long turn = nextTurn();
    scheduler.execute(() -> probe(turn));
    try {
      if (!firstProbe.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        synchronized (change) {
          log.waiting();
        }
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
    late.inTime();
  }

  /** Takes note that Redis answered a call whose caller had left. */
  void answeredLate() {
    if (isClosed()) {
      return;
    }
    synchronized (change) {
      if (!isClosed() && !shut && late.areForgiven()) {
        late.forgive();
        closing = ++closings;
        closedByProbe = false;
        wanted = 0;
        log.closed();
      }
    }
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
        log.opened(reason, late.areForgiven());
        scheduleProbe(delayAfterFailure());
      }
    }
  }

  private Duration delayAfterFailure() {
    boolean relapse = closedByProbe && nanoClock.getAsLong() - probedNanos < SOON.toNanos();
    relapses = relapse ? Math.min(relapses + 1, MOST_DOUBLINGS + 1) : 0;
    return relapses == 0 ? Duration.ZERO : interval.multipliedBy(1L << (relapses - 1));
  }

  private void probe(long turn) {
    if (!isWanted(turn)) {
      return; // a late answer has closed it
    }
    try {
      probe.run();
      closeUnlessShut();
    } catch (RuntimeException | Error e) {
      scheduleUnlessClosed(e);
    } finally {
      firstProbe.countDown();
    }
  }

  private boolean isWanted(long turn) {
    synchronized (change) {
      boolean now = turn == wanted && !isClosed();
      wanted = turn == wanted ? 0 : wanted;
      return now;
    }
  }

  private void closeUnlessShut() {
    synchronized (change) {
      if (!isClosed() && !shut) {
        closing = ++closings;
        closedByProbe = true;
        probedNanos = nanoClock.getAsLong();
        log.closed();
      }
    }
  }

  private void scheduleUnlessClosed(Throwable failure) {
    synchronized (change) {
      if (firstProbe.getCount() > 0) {
        log.notReached(failure);
      }
      if (!isClosed()) {
        log.stillOpen();
        scheduleProbe(interval);
      }
    }
  }

  private void scheduleProbe(Duration delay) {
    if (!shut && wanted == 0) {
      long turn = nextTurn();
      var unused = scheduler.schedule(() -> probe(turn), delay.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private long nextTurn() {
    synchronized (change) {
      wanted = ++turns;
      return wanted;
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
