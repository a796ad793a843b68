package larder.cache.consistency;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import larder.cache.consistency.SampledCall.Answer;
import larder.cache.consistency.SampledCall.Loaded;
import larder.cache.load.Probe.Served;
import larder.cache.statistics.Statistics;
import larder.cache.value.SameValue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checks of sampled calls, few at a time.
 *
 * <h2>What is counted</h2>
 *
 * <ol>
 *   <li>The caches are asked, as by a caller, and then the method is run. If both say the same, the
 *       check is over. So it mostly is; else the entry was stale when the method was run, which the
 *       promise allows within the bound: a write may be on its way.
 *   <li>After the bound and a little more the caches are asked again. If they serve nothing, or
 *       another entry, the write has come. The same entry, by value and by the position as of which
 *       it was read, has been judged by every invalidation applied since.
 *   <li>Then the method is run once more. If it says what it said the first time, and so not
 *       something new at each call, the entry was served past the bound: a mismatch.
 * </ol>
 *
 * No write that races with a check is counted, however often a value changes to and fro: what
 * replaces the entry carries a later position. Counted is also what changes by no write, such as a
 * value that depends on the date.
 *
 * <p>After a failure nothing is begun for a moment. Thread-safe; the steps run in one thread.
 */
final class Checks {

  private static final Logger log = LoggerFactory.getLogger(Checks.class);

  private static final int MOST_UNDER_WAY = 8;
  private static final int MOST_KEPT = 20;
  private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final Duration LEAST_MARGIN = Duration.ofMillis(250);

  private final Duration bound;
  private final Later later;
  private final Statistics statistics;
  private final LongSupplier nanoClock;
  private final Clock clock;
  private final Semaphore places = new Semaphore(MOST_UNDER_WAY);

  /** The last ones, newest first; guarded by itself. */
  private final Deque<Mismatch> mismatches = new ArrayDeque<>();

  private volatile long restsUntilNanos;

  /** Has a task run after a while, in the one thread of the checks. */
  @FunctionalInterface
  interface Later {

    /** Hands over a task. */
    void run(Duration after, Runnable task);
  }

  /**
   * @param bound no value is to be served that is staler
   * @param clock for the time at which a mismatch is found
   */
  Checks(Duration bound, Later later, Statistics statistics, LongSupplier nanoClock, Clock clock) {
    this.bound = bound;
    this.later = later;
    this.statistics = statistics;
    this.nanoClock = nanoClock;
    this.clock = clock;
    this.restsUntilNanos = nanoClock.getAsLong();
  }

  /** Whether a check may begin now. */
  boolean isReady() {
    return places.availablePermits() > 0 && nanoClock.getAsLong() - restsUntilNanos >= 0;
  }

  /** Whether none is under way. */
  boolean isIdle() {
    return places.availablePermits() == MOST_UNDER_WAY;
  }

  /** Returns the last mismatches, one for each entry, newest first. */
  List<Mismatch> mismatches() {
    synchronized (mismatches) {
      return List.copyOf(mismatches);
    }
  }

  /** Begins to check a call; drops it if too many are under way. */
  void begin(SampledCall call) {
    if (places.tryAcquire()) {
      next(Duration.ZERO, call, () -> compare(call));
    }
  }

  /** A part of a check; returns whether another follows. */
  private interface Step {
    boolean take() throws Throwable;
  }

  private void next(Duration after, SampledCall call, Step step) {
    boolean handedOver = false;
    try {
      later.run(after, () -> take(call, step));
      handedOver = true;
    } finally {
      if (!handedOver) {
        places.release();
      }
    }
  }

  private void take(SampledCall call, Step step) {
    boolean goesOn = false;
    try {
      goesOn = step.take();
    } catch (Throwable e) {
      log.debug("A sampled call could not be made again", e);
      restsUntilNanos = nanoClock.getAsLong() + REST_NANOS;
      call.failed();
    } finally {
      if (!goesOn) {
        places.release();
      }
    }
  }

  private boolean compare(SampledCall call) throws Throwable {
    Answer served = call.serve();
    if (served == null) {
      return false;
    }
    Loaded loaded = call.load();
    statistics.of(served.entry().cache()).checked();
    if (SameValue.saysSame(loaded.value(), served.value())) {
      return false;
    }
    Duration quarter = bound.dividedBy(4);
    Duration margin = quarter.compareTo(LEAST_MARGIN) > 0 ? quarter : LEAST_MARGIN;
    next(bound.plus(margin), call, () -> confirm(call, served, loaded));
    return true;
  }

  private boolean confirm(SampledCall call, Answer served, Loaded loaded) throws Throwable {
    Answer still = call.serve();
    if (still != null
        && still.entry().equals(served.entry())
        && SameValue.saysSame(still.value(), served.value())) {
      Loaded again = call.load();
      if (SameValue.saysSame(again.value(), loaded.value())) {
        count(served, again);
      }
    }
    return false;
  }

  private void count(Answer served, Loaded loaded) {
    Served entry = served.entry();
    statistics.of(entry.cache()).mismatched();
    if (keep(
        new Mismatch(entry.cache(), entry.key(), entry.asOf(), loaded.asOf(), clock.instant()))) {
      say(served, loaded);
    }
  }

  /** Keeps a mismatch, and returns whether it is the first of its entry among those kept. */
  private boolean keep(Mismatch found) {
    synchronized (mismatches) {
      if (mismatches.stream().anyMatch(found::isOfSameEntry)) {
        return false;
      }
      mismatches.addFirst(found);
      if (mismatches.size() > MOST_KEPT) {
        mismatches.removeLast();
      }
      return true;
    }
  }

  private void say(Answer served, Loaded loaded) {
    Served entry = served.entry();
    log.warn(
        "Cache '{}': key {} was served past the bound of {}: its entry was read as of {}, and as of"
            + " {} its method says something else; caches were not told of a change, or the method"
            + " depends on more than data",
        entry.cache(),
        entry.key(),
        bound,
        entry.asOf(),
        loaded.asOf());
  }
}
