package larder.cache.load;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;
import larder.cache.load.Flight.Landed;
import larder.cache.load.Missed.Shared;
import larder.cache.log.Tags;
import larder.cache.log.node.Arrival;
import larder.cache.log.node.JoinRule;
import larder.cache.log.node.LogFollower;
import larder.cache.log.node.Origin;
import larder.cache.log.node.Stamp;
import larder.cache.statistics.CacheStatistics;
import larder.cache.statistics.Observations;
import larder.cache.transaction.CacheTransactions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.ObjectUtils;

/**
 * Loads of missing values: one for each key in this process and, for a bounded time, one among all
 * nodes.
 *
 * <p>What is read inside of a transaction that may write, among entities that were changed in
 * memory, or inside of something whose beginning nobody saw, is for its caller alone: it is neither
 * stored nor shared. Thread-safe.
 */
public final class Loads {

  private static final Logger log = LoggerFactory.getLogger(Loads.class);

  private final CacheTransactions transactions;
  private final LogFollower follower;
  private final Flights flights;
  private final Turns turns;
  private final Observations observations;

  /**
   * @param rule who may take whose value
   * @param locks keeps other nodes from loading the same
   * @param patience longest wait for another caller's load
   * @param nodePatience longest wait for another node's load
   * @param observations of the methods that run, but for those that answer later
   */
  public Loads(
      CacheTransactions transactions,
      LogFollower follower,
      JoinRule rule,
      KeyLocks locks,
      Duration patience,
      Duration nodePatience,
      Observations observations) {
    this.transactions = transactions;
    this.follower = follower;
    this.flights = new Flights(rule, transactions, patience);
    this.turns = new Turns(locks, transactions, nodePatience);
    this.observations = observations;
  }

  /**
   * Returns the value of a call whose lookups found nothing: another caller's, or what the method
   * brings.
   *
   * @param method runs the method and returns its value; null for "not found"
   * @throws Throwable what the method throws
   */
  public @Nullable Object load(Call call, Method method) throws Throwable {
    List<Missed> misses = call.takeMisses();
    Origin origin = shareableOrigin();
    if (origin == null) {
      return loadPrivately(call, misses, method);
    }
    Flights.Boarding boarding = flights.board(misses.get(0), arrival(), origin);
    Flight own = boarding.own();
    if (boarding.taken() != null) {
      misses.get(0).statistics().joined();
      loaded(call, misses, boarding.taken());
      return boarding.taken().value();
    }
    return own == null
        ? loadAndStore(call, misses, origin, null, method).value()
        : lead(call, misses, own, method);
  }

  /** As {@link #load}, for a method that is to run for each of its callers. */
  public @Nullable Object loadAlone(Call call, Method method) throws Throwable {
    List<Missed> misses = call.takeMisses();
    Origin origin = shareableOrigin();
    return origin == null
        ? loadPrivately(call, misses, method)
        : loadAndStore(call, misses, origin, null, method).value();
  }

  /**
   * As {@link #load}, for several lookups of one cache that found nothing: what others are loading
   * is waited for, the rest is loaded together.
   *
   * @return what each lookup is answered with
   * @throws Throwable what the method throws
   */
  public Map<Missed, Loaded> loadAll(Call call, List<? extends Missed> misses, Several several)
      throws Throwable {
    return new SeveralLoads(this, flights, transactions, call, several).load(misses);
  }

  /**
   * Whether the lookup of a caller in this thread may leave it to {@link #load} to ask other nodes:
   * what it loads, others may have.
   *
   * @param way whether the locks can be taken together with a look
   */
  public boolean canClaim(Predicate<KeyLocks> way) {
    return way.test(turns.locks()) && transactions.shareableOrigin() != null;
  }

  /** Returns the origin of a load that begins now; null if its value is for its caller alone. */
  @Nullable Origin shareableOrigin() {
    Origin origin = transactions.shareableOrigin();
    return origin == null || !transactions.isClean() ? null : origin;
  }

  /**
   * Begins a load whose value comes later, in another thread: not shared while it is under way.
   *
   * @return gives what was loaded, once the value is there
   */
  public Later begin(Call call) {
    List<Missed> misses = call.takeMisses();
    Origin origin = shareableOrigin();
    long began = System.nanoTime();
    if (origin == null) {
      keepPrivateIfDoubtful(call);
    }
    return new Later() {
      @Override
      public void returned() {
        if (!transactions.isClean()) {
          Call.keepPrivate();
        }
      }

      @Override
      public void arrived(@Nullable Object value) {
        long cost = System.nanoTime() - began;
        misses.forEach(miss -> miss.statistics().loaded(cost));
        Origin from = origin == null ? follower.origin() : origin;
        boolean alone = origin == null || call.isPrivate();
        settle(call, misses, new Loaded(value, stamp(call, misses, from), cost, alone), null);
      }
    };
  }

  /** Brings the value of a call. */
  @FunctionalInterface
  public interface Method {

    /** Runs the method and returns its value; null for "not found". */
    @Nullable Object run() throws Throwable;
  }

  /** Takes the value of a load that was begun. */
  public interface Later {

    /** The method has returned in the thread that called it; the value may still be on its way. */
    void returned();

    /** The value is there; null for "not found". */
    void arrived(@Nullable Object value);
  }

  /** Returns the origin of what is read now for its caller alone. */
  Origin privateOrigin() {
    return follower.origin();
  }

  /** Returns the arrival of a caller now. */
  Arrival arrival() {
    return flights.arrival(transactions.sessions().arrival());
  }

  private @Nullable Object loadPrivately(Call call, List<Missed> misses, Method method)
      throws Throwable {
    Origin origin = follower.origin();
    misses.forEach(Missed::notAsked);
    keepPrivateIfDoubtful(call);
    Object value = timed(misses, method);
    keepPrivateIfDoubtful(call);
    loaded(call, misses, new Loaded(value, stamp(call, misses, origin), 0, /* settled= */ true));
    return value;
  }

  /**
   * What an inner call reads for itself alone may become visible to all when its transaction is
   * committed, and then the outer call may share it; but not if the inner one reads what is in
   * memory only, or is of unknown age.
   */
  void keepPrivateIfDoubtful(Call call) {
    if (call.isInner() && (transactions.origin() == null || !transactions.isClean())) {
      Call.keepPrivate();
    }
  }

  private @Nullable Object lead(Call call, List<Missed> misses, Flight flight, Method method)
      throws Throwable {
    Missed first = misses.get(0);
    Landed shared = null;
    Turn turn = Turn.NONE;
    CompletionStage<?> stored = CompletableFuture.completedFuture(null);
    boolean shareable = true;
    boolean judgedLater = false;
    try {
      turn = turn(call, first);
      Loaded landed = turn.found();
      if (landed != null) {
        loaded(call, misses, landed);
      } else {
        Origin origin = transactions.shareableOrigin();
        Stored result =
            loadAndStore(
                call, misses, origin == null ? flight.origin() : origin, turn.lock(), method);
        landed = result.loaded();
        stored = result.whenStored();
        shareable = !call.isPrivate();
        judgedLater = !landed.settled();
      }
      shared = shareable ? shared(first, landed) : null;
      return landed.value();
    } finally {
      flights.land(first, flight, shared);
      release(turn.lock(), call, judgedLater, stored);
    }
  }

  /** A value that its annotation has still to judge is stored, or is not, when the call ends. */
  private static void release(
      KeyLocks.@Nullable Lock lock, Call call, boolean judgedLater, CompletionStage<?> stored) {
    if (lock != null && judgedLater) {
      call.afterwards(() -> lock.releaseAfter(call.storing()));
    } else if (lock != null) {
      lock.releaseAfter(stored);
    }
  }

  /** Looks again: a load may have landed after the lookup and before this flight began. */
  static @Nullable Loaded landedMeanwhile(Call call, Missed miss) {
    Origin entry = call.entry();
    return entry == null ? null : miss.findSince(entry.nanos());
  }

  private Turn turn(Call call, Missed miss) {
    Loaded meanwhile = landedMeanwhile(call, miss);
    if (meanwhile != null) {
      miss.notAsked();
      return Turn.found(meanwhile);
    }
    return turns.await(call, miss);
  }

  /** Returns what others get; null if they get nothing. */
  static @Nullable Landed shared(Missed miss, Loaded loaded) {
    try {
      Supplier<@Nullable Shared> copies = miss.copies(loaded.value());
      return copies == null ? null : new Landed(loaded, copies);
    } catch (RuntimeException e) {
      log.warn("What was loaded is not shared", e);
      return null;
    }
  }

  private record Stored(Loaded loaded, CompletionStage<?> whenStored) {

    @Nullable Object value() {
      return loaded.value();
    }
  }

  private Stored loadAndStore(
      Call call, List<Missed> misses, Origin origin, KeyLocks.@Nullable Lock lock, Method method)
      throws Throwable {
    long began = System.nanoTime();
    Object value;
    call.keepsAnswer(misses.stream().noneMatch(Missed::mayBeRefused) && !call.isPrivate());
    try {
      value = timed(misses, method);
    } catch (Exception failure) {
      Loaded stale = misses.get(0).staleAfter(failure);
      if (stale == null) {
        throw failure;
      }
      return settle(call, List.of(), stale, null);
    } finally {
      call.keepsAnswer(false);
    }
    long cost = System.nanoTime() - began;
    if (!transactions.isClean()) {
      Call.keepPrivate();
    }
    Loaded loaded =
        new Loaded(value, stamp(call, misses, origin), cost, call.isPrivate(), call.endsNanos());
    return settle(call, misses, loaded, lock);
  }

  private @Nullable Object timed(List<Missed> misses, Method method) throws Throwable {
    return timed(misses.get(0), 1, method::run);
  }

  /**
   * Runs a method and counts what it brings.
   *
   * @param count how many values that is
   */
  <T> @Nullable T timed(Missed miss, int count, Observations.Work<T, Throwable> method)
      throws Throwable {
    CacheStatistics statistics = miss.statistics();
    long began = System.nanoTime();
    boolean brought = false;
    try {
      T value = observations.observe(Observations.LOAD, miss.cache(), method);
      brought = true;
      return value;
    } finally {
      if (brought) {
        statistics.loaded(count, System.nanoTime() - began);
      } else {
        statistics.loadFailed();
      }
    }
  }

  /** Stores what was loaded, unless its annotation may still refuse it. */
  private static Stored settle(
      Call call, List<Missed> misses, Loaded loaded, KeyLocks.@Nullable Lock lock) {
    boolean atOnce = misses.stream().noneMatch(Missed::mayBeRefused) && !loaded.settled();
    Loaded settled = atOnce ? loaded.asSettled() : loaded;
    loaded(call, misses, settled);
    CompletionStage<?> stored = CompletableFuture.completedFuture(null);
    if (atOnce) {
      for (Missed miss : misses) {
        stored = stored(miss, loaded, lock);
      }
    } else if (lock != null) {
      call.loadedUnder(lock);
    }
    return new Stored(settled, stored);
  }

  private static void loaded(Call call, List<Missed> misses, Loaded loaded) {
    call.loaded(loaded);
    noteEnd(call, misses, loaded);
  }

  /** Has what is made of a loaded value end no later than the value does. */
  static void noteEnd(Call call, List<Missed> misses, Loaded loaded) {
    boolean found = ObjectUtils.unwrapOptional(loaded.value()) != null;
    long life = misses.stream().mapToLong(miss -> miss.lifeNanos(found)).min().orElse(Loaded.OPEN);
    call.answerEndsBy(loaded.endsNanos());
    call.answerEndsBy(life == Loaded.OPEN ? life : System.nanoTime() + life);
  }

  /** Nothing that goes wrong here is of any concern to the caller, who has his value. */
  private static CompletionStage<?> stored(
      Missed miss, Loaded loaded, KeyLocks.@Nullable Lock lock) {
    try {
      return miss.store(loaded, lock);
    } catch (RuntimeException e) {
      log.warn("What was loaded is not kept", e);
      return CompletableFuture.completedFuture(null);
    }
  }

  private static Stamp stamp(Call call, List<Missed> misses, Origin origin) {
    Tags tags = Tags.NONE;
    for (Missed miss : misses) {
      tags = tags.and(miss.tags());
    }
    return call.stamp(origin, tags);
  }
}
