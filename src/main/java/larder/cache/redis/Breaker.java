package larder.cache.redis;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows whether Redis answers, so that callers need not find out each by waiting.
 *
 * <p>It starts open (nobody is let through). While it is open, a probe runs in the background, one
 * at a time, until one succeeds, which closes it. The first failure that a caller reports opens it
 * again; one reported while a probe runs has the probe run once more, since what that caller left
 * undone may have come too late for it. Asking is one volatile read.
 */
final class Breaker implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Breaker.class);

  private final Runnable probe;
  private final Duration interval;
  private final ScheduledExecutorService scheduler;
  private final Object change = new Object();
  private final CountDownLatch firstProbe = new CountDownLatch(1);
  private volatile boolean closed;
  private volatile boolean everClosed;
  private int failures; // guarded by change
  private boolean shut; // guarded by change

  /**
   * @param probe asks Redis and makes good what was missed; throws if that failed
   * @param interval time between two probes
   * @param scheduler runs the probes; shut down with this
   */
  Breaker(Runnable probe, Duration interval, ScheduledExecutorService scheduler) {
    this.probe = probe;
    this.interval = interval;
    this.scheduler = scheduler;
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
    return closed;
  }

  /** Takes note that Redis did not answer. */
  void failed(String reason) {
    boolean opened;
    synchronized (change) {
      failures++;
      opened = closed;
      closed = false;
    }
    if (opened) {
      log.warn(
          "Redis does not answer ({}): cached calls go to their methods until it does", reason);
      scheduleProbe(Duration.ZERO);
    }
  }

  private void probe() {
    try {
      int seen;
      do {
        seen = failuresSoFar();
        probe.run();
      } while (!close(seen));
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

  private int failuresSoFar() {
    synchronized (change) {
      return failures;
    }
  }

  /** Closes, unless a failure came after those seen; tells whether the probing is over. */
  private boolean close(int seen) {
    synchronized (change) {
      closed = failures == seen && !shut;
      return closed || shut;
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
      closed = false;
      shut = true;
    }
    scheduler.shutdownNow();
  }
}
