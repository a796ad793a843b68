package larder.cache.manager;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import larder.cache.statistics.Miss;

/**
 * How likely Redis has an entry of a cache that this process has not: what the last lookups found,
 * each counting an eighth less than the next, for each reason why this process had none. Where
 * nothing is known, neither is more likely.
 *
 * <p>Of two lookups that end at the same moment one may be forgotten. Thread-safe.
 */
final class RemoteOdds {

  private static final int ALWAYS = 1 << 16;
  private static final int EVEN = ALWAYS / 2;
  private static final int MEMORY = 8;

  private final Map<Miss, AtomicInteger> misses = new EnumMap<>(Miss.class);

  RemoteOdds() {
    for (Miss near : Miss.values()) {
      misses.put(near, new AtomicInteger(EVEN));
    }
  }

  /** Takes note of what Redis had for a key of which this process had nothing. */
  void note(Miss near, Look remote) {
    if (remote instanceof Found || isNothing(remote)) {
      AtomicInteger share = misses(near);
      int before = share.get();
      int target = remote instanceof Found ? 0 : ALWAYS;
      share.set(before + (target - before) / MEMORY);
    }
  }

  private AtomicInteger misses(Miss near) {
    return Objects.requireNonNull(misses.get(near));
  }

  /** What the caller may not see, or nobody told, says nothing of what Redis has. */
  private static boolean isNothing(Look remote) {
    return remote instanceof Look.Missing missing
        && switch (missing.reason()) {
          case UNAVAILABLE, TRANSACTION, SESSION, REFRESH -> false;
          default -> true;
        };
  }

  /** Whether Redis is no more likely to have an entry than not to. */
  boolean areLow(Miss near) {
    return misses(near).get() >= EVEN;
  }
}
