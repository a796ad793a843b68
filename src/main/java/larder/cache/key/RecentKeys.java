package larder.cache.key;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The keys that were used of late, so that one which comes again has its name without any text
 * being made.
 *
 * <p>A table of a fixed size in pairs of places. A key falls on a pair by its hash. Where both
 * places are taken, one in {@value #TRIES} keys that come, drawn by lot, asks one place of the pair
 * for its room, and gets it if the key there was not found since it was asked before. So what is
 * used often stays, also if many more keys come than fit in, each of which is used seldom. (Second
 * chances: Corbató, "A paging experiment with the Multics system".) Memory is bounded by {@value
 * #PLACES} short keys. Only keys that {@linkplain KeyText#isFixed(Object) can never change} are
 * kept. Finding takes no lock and allocates nothing. Thread-safe.
 *
 * @param <V> what is put beside a key
 */
public final class RecentKeys<V> {

  /** How many keys are kept at most, a power of two. */
  private static final int PLACES = 8_192;

  /** Of so many keys that come where there is no room one asks for it; a power of two. */
  private static final int TRIES = 8;

  private static final int NO_PLACE = -1;
  private static final int LONGEST = 300;

  /** Spreads hashes that differ in few bits: the golden ratio, as in Fibonacci hashing. */
  private static final int SPREAD = 0x9e3779b9;

  private static final int SHIFT = Integer.SIZE - Integer.numberOfTrailingZeros(PLACES / 2);

  private final AtomicReferenceArray<@Nullable RecentKey<V>> places =
      new AtomicReferenceArray<>(PLACES);

  /** Returns a key under a version; null if it was not noted. */
  public @Nullable RecentKey<V> find(Object key, int version) {
    int first = first(key);
    RecentKey<V> one = places.getAcquire(first);
    if (one != null && one.isUsedAs(key, version)) {
      return one;
    }
    RecentKey<V> other = places.getAcquire(first + 1);
    return other != null && other.isUsedAs(key, version) ? other : null;
  }

  /**
   * Takes note of a key that was not found and its name under a version, if it is one to keep and
   * there is room.
   */
  public void note(Object key, int version, String name) {
    int place = place(first(key));
    if (place != NO_PLACE && name.length() <= LONGEST && KeyText.isFixed(key)) {
      places.setRelease(place, new RecentKey<>(key, version, name));
    }
  }

  private int place(int first) {
    if (places.getAcquire(first) == null) {
      return first;
    } else if (places.getAcquire(first + 1) == null) {
      return first + 1;
    }
    int lot = ThreadLocalRandom.current().nextInt();
    int place = first + (lot & 1);
    RecentKey<V> there = (lot >>> 1 & (TRIES - 1)) == 0 ? places.getAcquire(place) : null;
    return there == null || there.wasUsed() ? NO_PLACE : place;
  }

  private static int first(Object key) {
    return ((key.hashCode() * SPREAD) >>> SHIFT) << 1;
  }
}
