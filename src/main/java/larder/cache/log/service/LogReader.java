package larder.cache.log.service;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import larder.cache.log.InvalidationLog;
import larder.cache.log.LogEntry;
import larder.cache.log.Polled;
import larder.cache.log.node.LogFollower;
import larder.cache.log.node.Poll;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of a node that reads the log, from its start to its stop: it polls twenty times a
 * second, which proves what is not there, and between polls waits in Redis for news.
 *
 * <p>Each wait that ends wakes up Redis's answer, the client and this thread, which costs more than
 * the record that it brings. So where records follow one another within a millisecond it
 * {@linkplain Rests rests} before it waits for the next: what comes meanwhile comes together.
 */
final class LogReader {

  private static final Logger log = LoggerFactory.getLogger(LogReader.class);

  private static final int RECORDS_PER_POLL = 1_000;
  private static final Duration REST_AFTER_FAILURE = Duration.ofMillis(100);
  private static final Duration PROOF_INTERVAL = Duration.ofMillis(50);

  private final InvalidationLog invalidations;
  private final LogFollower follower;
  private final LongSupplier nanoClock;
  private final Rests rests = new Rests();
  private final Thread thread;
  private volatile boolean stopped;

  LogReader(InvalidationLog invalidations, LogFollower follower, LongSupplier nanoClock) {
    this.invalidations = invalidations;
    this.follower = follower;
    this.nanoClock = nanoClock;
    this.thread = new Thread(this::readUntilStopped, "larder-log");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Has it end, without waiting for that. */
  void stop() {
    stopped = true;
  }

  /** Waits for the end of a poll that is under way, which is short unless Redis hangs. */
  void awaitEnd(Duration longest) {
    try {
      thread.join(longest.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void readUntilStopped() {
    long proveNanos = nanoClock.getAsLong();
    while (!stopped) {
      long left = proveNanos - nanoClock.getAsLong();
      try {
        if (left > 0) {
          hear(Duration.ofNanos(left));
        } else {
          proveNanos = nanoClock.getAsLong() + (poll() ? PROOF_INTERVAL.toNanos() : 0);
        }
      } catch (RuntimeException e) {
        failed();
        log.debug("The log did not answer", e);
      } catch (Error e) {
        failed();
        log.error("A poll failed; the next one follows", e);
      }
    }
  }

  /** Waits for news, and rests after them if there are many. */
  private void hear(Duration longest) {
    List<LogEntry> news = invalidations.await(follower.position(), RECORDS_PER_POLL, longest);
    follower.delivered(news);
    if (!news.isEmpty()) {
      LockSupport.parkNanos(rests.after(news.size(), nanoClock.getAsLong()));
    }
  }

  /** Polls once, and tells whether that was to the end of the log. */
  private boolean poll() {
    Poll poll = follower.poll();
    Polled reply = invalidations.poll(poll.cursor(), RECORDS_PER_POLL);
    follower.polled(poll, reply);
    return !reply.truncated();
  }

  private void failed() {
    follower.reconnected();
    try {
      TimeUnit.MILLISECONDS.sleep(REST_AFTER_FAILURE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
