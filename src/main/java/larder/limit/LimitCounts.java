package larder.limit;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import larder.limit.Standing.DecidedBy;

/** What happened to the calls of each limit in this process. Thread-safe. */
public final class LimitCounts {

  /**
   * The counts of one limit. Each call is allowed, refused or away; those that this node decided by
   * itself are counted again as local.
   *
   * @param allowed calls that had room
   * @param refused calls that had none
   * @param away calls that were let through because Redis was away
   * @param local calls that this node decided by itself because Redis was away
   */
  public record Count(LongAdder allowed, LongAdder refused, LongAdder away, LongAdder local) {

    Count() {
      this(new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder());
    }
  }

  private final Map<String, Count> counts = new ConcurrentHashMap<>();

  /** Returns the counts of a limit, which go on counting. */
  public Count of(String limit) {
    return counts.computeIfAbsent(limit, unknown -> new Count());
  }

  /** Counts a decision: where one limit refuses, those that had room have not been used. */
  void add(Decision decision) {
    boolean allowed = decision.allowed();
    for (Standing standing : decision.standings()) {
      if (allowed || !standing.allowed()) {
        add(of(standing.limit().name()), standing);
      }
    }
  }

  private static void add(Count count, Standing standing) {
    if (standing.decidedBy() == DecidedBy.NOBODY) {
      count.away().increment();
    } else if (standing.allowed()) {
      count.allowed().increment();
    } else {
      count.refused().increment();
    }
    if (standing.decidedBy() == DecidedBy.NODE) {
      count.local().increment();
    }
  }
}
