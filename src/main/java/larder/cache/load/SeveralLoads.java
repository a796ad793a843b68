package larder.cache.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import larder.cache.load.Several.Brought;
import larder.cache.log.node.Arrival;
import larder.cache.log.node.Origin;
import larder.cache.transaction.CacheTransactions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The load of several missing values for one caller: each that nobody is loading is a flight of its
 * own, which others may wait for, and all of them are brought by one run of the method.
 *
 * <p>A caller first brings what is his and lands it, and only then waits for others: of callers
 * whose keys overlap, each goes on by himself. As with single values he waits for two flights at
 * most, all together no longer than for one; what nobody has brought for him then, he loads alone.
 * Other nodes are not asked what they load. Used by one thread.
 */
final class SeveralLoads {

  private static final Logger log = LoggerFactory.getLogger(SeveralLoads.class);

  private static final int MOST_ROUNDS = 2;

  private final Loads loads;
  private final Flights flights;
  private final CacheTransactions transactions;
  private final Call call;
  private final Several several;
  private final Map<Missed, Loaded> answers = new LinkedHashMap<>();
  private final List<Missed> alone = new ArrayList<>();

  SeveralLoads(
      Loads loads, Flights flights, CacheTransactions transactions, Call call, Several several) {
    this.loads = loads;
    this.flights = flights;
    this.transactions = transactions;
    this.call = call;
    this.several = several;
  }

  Map<Missed, Loaded> load(List<? extends Missed> misses) throws Throwable {
    Arrival arrival = loads.arrival();
    List<Missed> left = List.copyOf(misses);
    for (int round = 0; round < MOST_ROUNDS && !left.isEmpty(); round++) {
      Origin origin = loads.shareableOrigin();
      if (origin == null) {
        break;
      }
      left = round(left, arrival, origin);
    }
    alone.addAll(left);
    if (!alone.isEmpty()) {
      loadAlone();
    }
    return answers;
  }

  /** Returns those whose next flight may be the caller's. */
  private List<Missed> round(List<Missed> wanted, Arrival arrival, Origin origin) throws Throwable {
    Map<Missed, Flight> own = new LinkedHashMap<>();
    Map<Missed, Flight> others = new LinkedHashMap<>();
    Map<Missed, Loaded> shared = new LinkedHashMap<>();
    try {
      for (Missed miss : wanted) {
        Flight mine = new Flight(origin);
        Flight other = flights.start(miss, mine);
        if (other == null) {
          own.put(miss, mine);
        } else {
          others.put(miss, other);
        }
      }
      lead(List.copyOf(own.keySet()), origin, shared);
    } finally {
      own.forEach((miss, flight) -> land(miss, flight, shared.get(miss)));
    }
    return joinAll(others, arrival);
  }

  private void land(Missed miss, Flight flight, @Nullable Loaded loaded) {
    flights.land(miss, flight, loaded == null ? null : Loads.shared(miss, loaded));
  }

  private List<Missed> joinAll(Map<Missed, Flight> others, Arrival arrival) {
    List<Missed> next = new ArrayList<>();
    long until = System.nanoTime() + flights.longestWait().toNanos();
    others.forEach((miss, flight) -> join(miss, flight, arrival, until, next));
    return next;
  }

  private void join(
      Missed miss, Flight flight, Arrival arrival, long untilNanos, List<Missed> next) {
    long left = Math.max(0, untilNanos - System.nanoTime());
    Flights.Boarding boarding = flights.join(flight, arrival, Duration.ofNanos(left));
    if (boarding == null) {
      next.add(miss);
    } else if (boarding.taken() == null) {
      alone.add(miss);
    } else {
      miss.statistics().joined();
      answer(miss, boarding.taken());
    }
  }

  /**
   * Brings what the caller's own flights are for.
   *
   * @param shared takes what others may have
   */
  private void lead(List<Missed> own, Origin origin, Map<Missed, Loaded> shared) throws Throwable {
    List<Missed> missing = new ArrayList<>();
    for (Missed miss : own) {
      Loaded meanwhile = Loads.landedMeanwhile(call, miss);
      if (meanwhile == null) {
        missing.add(miss);
      } else {
        shared.put(miss, meanwhile);
        answer(miss, meanwhile);
      }
    }
    if (!missing.isEmpty()) {
      shared.putAll(loadAndStore(missing, origin));
    }
  }

  private void loadAlone() throws Throwable {
    Origin origin = loads.shareableOrigin();
    if (origin != null) {
      var unused = loadAndStore(alone, origin);
      return;
    }
    Origin from = loads.privateOrigin();
    loads.keepPrivateIfDoubtful(call);
    Brought brought = timed(alone);
    loads.keepPrivateIfDoubtful(call);
    alone.forEach(miss -> answer(miss, loaded(miss, brought, from, 0)));
  }

  /** Returns what others may have. */
  private Map<Missed, Loaded> loadAndStore(List<Missed> missing, Origin origin) throws Throwable {
    long began = System.nanoTime();
    Brought brought;
    try {
      brought = timed(missing);
    } catch (Exception failure) {
      Map<Missed, Loaded> stale = staleAfter(missing, failure);
      if (stale == null) {
        throw failure;
      }
      stale.forEach(this::answer);
      return stale;
    }
    long cost = System.nanoTime() - began;
    if (!transactions.isClean()) {
      Call.keepPrivate();
    }
    Map<Missed, Loaded> shareable = new LinkedHashMap<>();
    for (Missed miss : missing) {
      Loaded loaded = loaded(miss, brought, origin, cost);
      answer(miss, loaded);
      if (!call.isPrivate() && (loaded.value() != null || several.remembersNotFound())) {
        shareable.put(miss, loaded);
      }
    }
    store(shareable);
    return shareable;
  }

  private Brought timed(List<Missed> missing) throws Throwable {
    Brought brought =
        loads.timed(missing.get(0), missing.size(), () -> several.run(List.copyOf(missing)));
    return brought == null ? new Brought(Map.of(), any -> call.readTags()) : brought;
  }

  private Loaded loaded(Missed miss, Brought brought, Origin origin, long cost) {
    return new Loaded(
        brought.values().get(miss),
        call.stampOfPart(origin, miss.tags().and(brought.reads().apply(miss))),
        cost,
        /* settled= */ true);
  }

  private void answer(Missed miss, Loaded loaded) {
    answers.put(miss, loaded);
    call.brought(loaded);
    Loads.noteEnd(call, List.of(miss), loaded);
  }

  /** Returns what stands in for a failed load; null unless there is something for each. */
  private static @Nullable Map<Missed, Loaded> staleAfter(List<Missed> missing, Exception failure) {
    Map<Missed, Loaded> all = new LinkedHashMap<>();
    for (Missed miss : missing) {
      Loaded stale = miss.staleAfter(failure);
      if (stale == null) {
        return null;
      }
      all.put(miss, stale);
    }
    return all;
  }

  /** Nothing that goes wrong here is of any concern to the caller, who has his values. */
  private void store(Map<Missed, Loaded> loaded) {
    try {
      several.store(loaded);
    } catch (RuntimeException e) {
      log.warn("What was loaded is not kept", e);
    }
  }
}
