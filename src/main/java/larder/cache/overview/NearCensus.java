package larder.cache.overview;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import larder.cache.near.NearCache;

/**
 * How many entries of each cache this process holds, and their size.
 *
 * <p>It walks over all entries, and then rests a hundred times as long as that took. Thread-safe.
 */
final class NearCensus {

  private static final int REST = 100;

  private final NearCache near;
  private final UnaryOperator<String> keyPrefix;
  private final LongSupplier nanoClock;
  private Map<String, Held> counted = Map.of();
  private long restsUntil;

  /**
   * @param keyPrefix gives the beginning of all keys of a cache
   */
  NearCensus(NearCache near, UnaryOperator<String> keyPrefix, LongSupplier nanoClock) {
    this.near = near;
    this.keyPrefix = keyPrefix;
    this.nanoClock = nanoClock;
    this.restsUntil = nanoClock.getAsLong();
  }

  /** What is held of one cache. */
  record Held(long entries, long bytes) {

    static final Held NOTHING = new Held(0, 0);

    Held and(Held more) {
      return new Held(entries + more.entries, bytes + more.bytes);
    }
  }

  /** Returns what is held of a cache, as of the last walk. */
  synchronized Held of(String cache) {
    long began = nanoClock.getAsLong();
    if (began - restsUntil >= 0) {
      counted = count();
      long ended = nanoClock.getAsLong();
      restsUntil = ended + REST * (ended - began);
    }
    return counted.getOrDefault(keyPrefix.apply(cache), Held.NOTHING);
  }

  /** Keys begin with application and cache, each of which ends with the first colon after it. */
  private Map<String, Held> count() {
    Map<String, Held> byPrefix = new HashMap<>();
    near.forEach(
        (key, entry) -> {
          int end = key.indexOf(':', key.indexOf(':') + 1) + 1;
          Held one = new Held(1, entry.weight() + 2L * key.length());
          byPrefix.merge(key.substring(0, end), one, Held::and);
        });
    return byPrefix;
  }
}
