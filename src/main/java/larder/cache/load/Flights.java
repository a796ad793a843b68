package larder.cache.load;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import larder.cache.load.Flight.Landed;
import larder.cache.load.Missed.Shared;
import larder.cache.log.Position;
import larder.cache.log.node.Arrival;
import larder.cache.log.node.JoinRule;
import larder.cache.log.node.Origin;
import larder.cache.transaction.CacheTransactions;
import org.jspecify.annotations.Nullable;

/**
 * The loads under way in this process: one for each key.
 *
 * <p>A caller who finds a flight waits for it and takes what it brings, if that is not older than
 * the caller's arrival allows ({@link JoinRule}); else joins or starts the next. So nobody waits
 * for more than two flights. A flight that fails, or brings nothing that may be shared, lets all
 * who wait go on at once, each on his own; so does one that takes longer than the patience. Nobody
 * waits for a flight that waits, by however many steps, for him; and nobody takes a value of which
 * his own transaction may have written a part.
 *
 * <p>A joiner gets the value before the annotation of the one who loaded it has judged it, as by
 * {@code unless}: each caller's own annotation judges what that caller would store.
 */
final class Flights {

  /** Patience of a caller who holds a database connection, which the load may be in need of. */
  private static final Duration SHORT_PATIENCE = Duration.ofMillis(50);

  private final JoinRule rule;
  private final CacheTransactions transactions;
  private final Duration patience;
  private final Map<String, Flight> underWay = new ConcurrentHashMap<>();
  private final Map<Thread, Flight> waiting = new ConcurrentHashMap<>();

  /**
   * @param rule who may join
   * @param transactions what the callers may have written themselves
   * @param patience longest wait for a flight
   */
  Flights(JoinRule rule, CacheTransactions transactions, Duration patience) {
    this.rule = rule;
    this.transactions = transactions;
    this.patience = patience;
  }

  /** What a caller got: a shared value, or the duty to load and land the flight. */
  record Boarding(@Nullable Loaded taken, @Nullable Flight own) {

    private static final Boarding ALONE = new Boarding(null, null);
  }

  /**
   * Returns the arrival of a caller now.
   *
   * @param session the position of the caller's own last change
   */
  Arrival arrival(Position session) {
    return rule.arrival(session);
  }

  /**
   * Finds a flight to take a value from, or starts one. Who waits for another's has not asked other
   * nodes by then, and may do so if the next is his.
   *
   * @param origin the origin of a load that begins now
   */
  Boarding board(Missed miss, Arrival arrival, Origin origin) {
    @Nullable Origin from = origin;
    for (int attempt = 0; attempt < 2 && from != null; attempt++) {
      Flight own = new Flight(from);
      Flight other = start(miss, own);
      if (other == null) {
        return new Boarding(null, own);
      }
      if (attempt == 0) {
        miss.notAsked();
      }
      Boarding joined = join(other, arrival, longestWait());
      if (joined != null) {
        return joined;
      }
      from = transactions.shareableOrigin();
    }
    return Boarding.ALONE;
  }

  /** Starts a flight, unless there is one, which is returned then; null if it was started. */
  @Nullable Flight start(Missed miss, Flight own) {
    return underWay.putIfAbsent(miss.flight(), own);
  }

  /** Returns how long a caller may wait for others in this thread. */
  Duration longestWait() {
    return transactions.holdsConnection() ? SHORT_PATIENCE : patience;
  }

  /**
   * Waits for another's flight and takes what it brings.
   *
   * @return nothing taken if the caller is to load alone; null if the next flight is his
   */
  @Nullable Boarding join(Flight other, Arrival arrival, Duration longest) {
    Landed landed = awaited(other, longest);
    if (landed == null || transactions.touches(landed.loaded().stamp().tags())) {
      return Boarding.ALONE;
    }
    return rule.mayJoin(other.origin(), arrival) || rule.mayTake(landed.loaded().stamp(), arrival)
        ? new Boarding(shared(landed), null)
        : null;
  }

  /** Ends a flight, so that whoever waits goes on, and later callers find it no more. */
  void land(Missed miss, Flight flight, @Nullable Landed landed) {
    underWay.remove(miss.flight(), flight);
    flight.land(landed);
  }

  private static @Nullable Loaded shared(Landed landed) {
    Shared shared = landed.copies().get();
    Loaded loaded = landed.loaded();
    return shared == null
        ? null
        : new Loaded(
            shared.value(),
            loaded.stamp(),
            loaded.costNanos(),
            /* settled= */ true,
            loaded.endsNanos());
  }

  private @Nullable Landed awaited(Flight flight, Duration longest) {
    waiting.put(Thread.currentThread(), flight);
    try {
      return leadsBack(flight) ? null : flight.await(longest.toNanos());
    } finally {
      waiting.remove(Thread.currentThread());
    }
  }

  /**
   * Whether waiting for a flight would be waiting for oneself; asked when others can see that this
   * thread waits, since of two who begin to wait for each other one at least has to notice.
   */
  private boolean leadsBack(Flight flight) {
    Flight next = flight;
    for (int steps = 0; next != null && steps <= waiting.size() + 1; steps++) {
      if (next.owner() == Thread.currentThread()) {
        return true;
      }
      next = waiting.get(next.owner());
    }
    return false;
  }
}
