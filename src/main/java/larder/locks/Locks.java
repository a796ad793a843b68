package larder.locks;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import larder.redis.Keyspace;
import larder.redis.RedisCalls;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The locks of an application, each with one owner at a time over all nodes. Thread-safe.
 *
 * <p>Nobody waits for Redis longer than the deadline of its calls; while it is away, no lock is
 * taken.
 */
public final class Locks implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Locks.class);

  private final RedisLocks redis;
  private final String node;
  private final Duration poll;
  private final LongSupplier nanoClock;
  private final AtomicLong owners = new AtomicLong();
  private final AtomicBoolean away = new AtomicBoolean();
  private final Map<String, LockFigures> figures = new ConcurrentSkipListMap<>();
  private final List<Consumer<LockFigures>> observers = new CopyOnWriteArrayList<>();
  private final ScheduledThreadPoolExecutor watchdog =
      new ScheduledThreadPoolExecutor(1, Locks::daemon);

  /**
   * @param epochs where numbers begin
   * @param node the name of this node, of letters and digits, which no other node has
   * @param poll how often somebody who waits asks again
   * @param nanoClock the monotonic clock
   */
  public Locks(
      RedisCalls calls,
      Keyspace keyspace,
      FenceEpochs epochs,
      String node,
      Duration poll,
      LongSupplier nanoClock) {
    this.redis = new RedisLocks(calls, keyspace, epochs);
    this.node = node;
    this.poll = poll;
    this.nanoClock = nanoClock;
    watchdog.setRemoveOnCancelPolicy(true);
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "larder-locks");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Takes a lock.
   *
   * @return the ownership, to be closed by the caller
   * @throws ExclusiveUnavailable if the lock was not to be had in time; also if the thread was
   *     interrupted, which stays so
   */
  public Held acquire(LockRequest request) {
    LockFigures counts = figures(request.name());
    String owner = node + ":" + owners.incrementAndGet();
    long began = nanoClock.getAsLong();
    long waits = request.patience().toNanos();
    while (true) {
      long asked = nanoClock.getAsLong();
      long left = waits - (asked - began);
      Attempt attempt = redis.take(request.fullName(), owner, request.lease(), left > 0);
      say(attempt);
      if (attempt instanceof Attempt.Taken taken) {
        return held(new Held(request, owner, taken, redis, counts, nanoClock, asked), counts);
      }
      if (left <= 0 || !slept(Math.min(left, poll.toNanos()))) {
        throw refused(request, owner, (Attempt.Refused) attempt, counts);
      }
    }
  }

  private Held held(Held held, LockFigures counts) {
    counts.taken();
    held.watch(watchdog);
    return held;
  }

  private ExclusiveUnavailable refused(
      LockRequest request, String owner, Attempt.Refused refused, LockFigures counts) {
    if (refused.away() || !request.patience().isZero()) {
      redis.leave(request.fullName(), owner);
    }
    counts.refused(refused);
    return new ExclusiveUnavailable(request.fullName(), refused.why());
  }

  private static boolean slept(long nanos) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Says once that no lock can be taken, and once that they can be again. */
  private void say(Attempt attempt) {
    if (attempt instanceof Attempt.Refused refused && refused.away()) {
      if (away.compareAndSet(false, true)) {
        log.warn(
            "No lock can be taken ({}): what runs on one node at a time waits or is skipped until"
                + " one can",
            refused.why());
      }
    } else if (away.compareAndSet(true, false)) {
      log.info("Locks can be taken again");
    }
  }

  /** Returns the name of this node. */
  public String node() {
    return node;
  }

  /** Returns what is counted of a kind of lock, which is known from now on. */
  public LockFigures figures(String name) {
    LockFigures known = figures.get(name);
    return known == null ? know(name) : known;
  }

  private synchronized LockFigures know(String name) {
    LockFigures known = figures.get(name);
    if (known == null) {
      LockFigures created = new LockFigures(name);
      figures.put(name, created);
      observers.forEach(observer -> observer.accept(created));
      return created;
    }
    return known;
  }

  /** Tells of each kind of lock that is known, now or later. */
  public synchronized void observe(Consumer<LockFigures> observer) {
    observers.add(observer);
    figures.values().forEach(observer);
  }

  /** Returns what is counted of all kinds that this node knows, by name. */
  public Collection<LockFigures> all() {
    return List.copyOf(figures.values());
  }

  /** Returns who holds those locks that are one of a kind, by name; null if Redis is away. */
  public @Nullable Map<String, Holder> holders() {
    return figures.isEmpty() ? Map.of() : redis.holders(figures.keySet());
  }

  /** Ends the prolonging of leases: what is held still ends with its lease. */
  @Override
  public void close() {
    watchdog.shutdownNow();
  }
}
