package larder.limit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import larder.limit.Standing.DecidedBy;
import org.jspecify.annotations.Nullable;

/**
 * The limits as this node holds them by itself while Redis is away, for the 10,000 subjects that
 * called last. What it has counted goes on in its next absence, so that a Redis that comes and goes
 * lets nobody begin anew each time. Thread-safe; a question takes from all limits or from none.
 */
final class LocalLimits {

  private static final int MOST_SUBJECTS = 10_000;

  private final LongSupplier nanoClock;
  private final Map<String, LocalCount> counts = new Recent(); // guarded by this

  /**
   * @param nanoClock the monotonic clock
   */
  LocalLimits(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** Takes from all limits if all have room, else from none. */
  synchronized List<Standing> ask(List<Limit> limits, List<String> keys) {
    long now = nanoClock.getAsLong();
    List<LocalCount> asked = new ArrayList<>();
    boolean all = true;
    for (int i = 0; i < limits.size(); i++) {
      LocalCount count = count(limits.get(i), keys.get(i));
      asked.add(count);
      all &= count == null || count.remaining(now) > 0;
    }
    List<Standing> standings = new ArrayList<>();
    for (int i = 0; i < limits.size(); i++) {
      standings.add(standing(limits.get(i), keys.get(i), asked.get(i), now, all));
    }
    return standings;
  }

  private @Nullable LocalCount count(Limit limit, String key) {
    return limit.whenAway() == WhenAway.ALLOW
        ? null
        : counts.computeIfAbsent(key, unknown -> LocalCount.of(limit));
  }

  private static Standing standing(
      Limit limit, String key, @Nullable LocalCount count, long now, boolean all) {
    if (count == null) {
      return new Standing(
          limit, key, /* allowed= */ true, 0, Duration.ZERO, DecidedBy.NOBODY, /* stamp= */ 0);
    }
    boolean allowed = count.remaining(now) > 0;
    long stamp = all ? count.take(now) : 0;
    Duration nextIn = Duration.ofNanos(count.nextIn(now));
    return new Standing(limit, key, allowed, count.remaining(now), nextIn, DecidedBy.NODE, stamp);
  }

  /** Gives back what a call took. */
  synchronized void giveBack(Standing taken) {
    LocalCount count = counts.get(taken.key());
    if (count != null) {
      count.giveBack(taken.stamp());
    }
  }

  /** Those that were asked for last. */
  private static final class Recent extends LinkedHashMap<String, LocalCount> {

    private static final long serialVersionUID = 1L;

    Recent() {
      super(16, 0.75f, /* accessOrder= */ true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, LocalCount> eldest) {
      return size() > MOST_SUBJECTS;
    }
  }
}
