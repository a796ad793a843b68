package larder.cache.log.service;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import larder.cache.log.Appended;
import larder.cache.log.InvalidationLog;
import larder.cache.log.LogRecord;
import larder.cache.log.LogRecord.Heartbeat;
import larder.cache.log.LogRecord.Invalidation;
import larder.cache.log.Source;
import larder.cache.log.Tags;
import larder.cache.log.TransactionId;
import larder.cache.log.node.LogFollower;
import larder.cache.log.node.Outstanding;
import larder.cache.log.node.Sending;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * A node at work on the log.
 *
 * <p>One thread {@linkplain LogReader reads}; another sends a heartbeat when none was heard for a
 * while, sends again what was not acknowledged, and says when the node becomes current or stops to
 * be. A node that relies on a database sends none of its own accord: its relay does. Both threads
 * live with the application. Appends happen in the caller's thread and wait no longer than the log
 * does.
 */
public final class LogService implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(LogService.class);

  private static final int NAME_LENGTH = 8;
  private static final Duration LONGEST_STOP = Duration.ofMillis(500);
  private static final Duration TICK = Duration.ofMillis(50);

  private final InvalidationLog invalidations;
  private final LogFollower follower;
  private final Duration maxStaleness;
  private final Duration heartbeatInterval;
  private final String node = UUID.randomUUID().toString();
  private final AtomicLong transactions = new AtomicLong();
  private volatile @Nullable Run run;
  private volatile boolean current;

  /**
   * @param invalidations the log
   * @param follower what this node knows of it
   * @param maxStaleness the bound
   */
  public LogService(InvalidationLog invalidations, LogFollower follower, Duration maxStaleness) {
    this.invalidations = invalidations;
    this.follower = follower;
    this.maxStaleness = maxStaleness;
    this.heartbeatInterval = Duration.ofNanos(Math.min(maxStaleness.toNanos() / 6, 300_000_000));
  }

  /** Whether this node is proven current within the bound; if not, it keeps only its own loads. */
  public boolean isCurrent() {
    return age().filter(age -> age.compareTo(maxStaleness) <= 0).isPresent();
  }

  /** Returns how long ago every change was known here; empty if that never was so. */
  public Optional<Duration> age() {
    long asOf = follower.currentAsOf();
    return asOf == Long.MIN_VALUE
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(System.nanoTime() - asOf));
  }

  /** Returns the longest time between two heartbeats. */
  public Duration heartbeatInterval() {
    return heartbeatInterval;
  }

  /** Returns a short name of this node, drawn at its start. */
  public String nodeName() {
    return node.substring(0, NAME_LENGTH);
  }

  /** Returns a new identity for a change of this node. */
  public TransactionId newTransaction() {
    return new TransactionId("n:" + node, transactions.incrementAndGet());
  }

  /**
   * Appends the record of a change and applies it here.
   *
   * <p>Without an answer the change is unacknowledged: this node trusts nothing that it touches,
   * and sends it again. Never throws.
   *
   * @param committedNanos when the change was known to be visible
   * @return whether it is known to stand in the log
   */
  public boolean append(Invalidation record, long committedNanos) {
    return send(record, committedNanos);
  }

  /** Appends the record of a change that is visible now, as {@link #append} does. */
  public boolean append(Tags tags) {
    return append(new Invalidation(tags, newTransaction()), System.nanoTime());
  }

  /**
   * Appends what others have changed, and applies what the answer tells; throws if there is none.
   * It is not sent again by itself, nor doubted here: whoever found it finds it once more.
   *
   * @param epoch the history that it has to stand in
   * @return whether it is known to stand there
   */
  public boolean relay(long epoch, LogRecord record) {
    Sending sending = follower.send(record, System.nanoTime());
    Appended reply = invalidations.append(sending.seen(), record);
    deliver(sending, reply);
    return reply.position().epoch() == epoch;
  }

  private void deliver(Sending sending, Appended reply) {
    if (reply.position().epoch() == sending.seen().epoch()) {
      follower.delivered(reply.since());
    }
  }

  /**
   * Sends a heartbeat and applies what the answer tells; throws if there is none.
   *
   * @return the log's answer, by which it may have refused
   */
  public Appended beat(Heartbeat heartbeat) {
    Sending sending = follower.send(heartbeat, System.nanoTime());
    Appended reply = invalidations.heartbeat(sending.seen(), heartbeat);
    follower.answered(sending, reply);
    return reply;
  }

  private boolean send(LogRecord record, long committedNanos) {
    Sending sending = follower.send(record, committedNanos);
    try {
      Appended reply = invalidations.append(sending.seen(), record);
      return follower.answered(sending, reply);
    } catch (RuntimeException e) {
      log.debug("An append was not answered", e);
      follower.unanswered(sending);
      return false;
    }
  }

  /** What is at work from a start to its stop. */
  private record Run(LogReader reader, ScheduledExecutorService ticker) {}

  private void sendAgain() {
    for (Outstanding change : follower.outstanding()) {
      send(change.record(), change.committedNanos());
    }
  }

  private void tick() {
    try {
      sendAgain();
      if (follower.relyingOn().isLog() && !follower.heardWithin(heartbeatInterval.toNanos())) {
        var unused = beat(follower.heartbeat(Source.LOG));
      }
    } catch (RuntimeException e) {
      log.debug("A heartbeat was not answered", e);
    } catch (Error e) {
      log.error("A heartbeat failed; the next one follows", e);
    }
    tellState();
  }

  private void tellState() {
    boolean now = isCurrent();
    if (now != current) {
      current = now;
      if (now) {
        log.info("Caches are current: near and remote entries are used");
      } else {
        log.warn(
            "Caches cannot be proven current: this node keeps only what it loads itself, for at"
                + " most {}",
            maxStaleness);
      }
    }
  }

  @Override
  public void start() {
    LogReader reader = new LogReader(invalidations, follower, System::nanoTime);
    ScheduledExecutorService ticker =
        Executors.newSingleThreadScheduledExecutor(LogService::heartbeats);
    run = new Run(reader, ticker);
    follower.reconnected();
    reader.start();
    var unused =
        ticker.scheduleWithFixedDelay(this::tick, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Sends what is not acknowledged once more, since nobody else will. */
  @Override
  public void stop() {
    Run stopped = run;
    run = null;
    if (stopped != null) {
      stopped.reader().stop();
      stopped.ticker().shutdownNow();
      sendAgain();
      stopped.reader().awaitEnd(LONGEST_STOP);
    }
  }

  @Override
  public boolean isRunning() {
    return run != null;
  }

  /** After the way to Redis is open, before everything that may serve calls. */
  @Override
  public int getPhase() {
    return Integer.MIN_VALUE + 1;
  }

  private static Thread heartbeats(Runnable task) {
    Thread thread = new Thread(task, "larder-heartbeat");
    thread.setDaemon(true);
    return thread;
  }
}
