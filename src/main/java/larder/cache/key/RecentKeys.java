package larder.cache.key;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The keys that were used of late, so that one which comes again has its name without any text
 * being made.
 *
 * <p>A table of a fixed size in pairs of places. A key falls on a pair by its hash; a new one takes
 * the first place of its pair, and the one that was there the second. So what is used often stays,
 * and memory is bounded by {@value #PLACES} short keys. Only keys that {@linkplain
 * KeyText#isFixed(Object) can never change} are kept. Finding takes no lock and allocates nothing.
 * Thread-safe.
 *
 * @param <V> what is put beside a key
 */
public final class RecentKeys<V> {

  /** How many keys are kept at most, a power of two. */
  private static final int PLACES = 8_192;

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
    if (one != null && one.is(key, version)) {
      return one;
    }
    RecentKey<V> other = places.getAcquire(first + 1);
    return other != null && other.is(key, version) ? other : null;
  }

  /** Takes note of a key and its name under a version, if it is one to keep. */
  public void note(Object key, int version, String name) {
    if (name.length() > LONGEST || !KeyText.isFixed(key)) {
      return;
    }
    int first = first(key);
    places.setRelease(first + 1, places.getAcquire(first));
    places.setRelease(first, new RecentKey<>(key, version, name));
  }

  private static int first(Object key) {
    return ((key.hashCode() * SPREAD) >>> SHIFT) << 1;
  }
}
