package larder.cache.key;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The names of keys that were used of late, so that a key which comes again has its name without
 * any text being made.
 *
 * <p>A table of a fixed size in pairs of places. A key falls on a pair by its hash; a new one takes
 * the first place of its pair, and the one that was there the second. So what is used often stays,
 * and memory is bounded by {@value #PLACES} short keys. Only keys that {@linkplain
 * KeyText#isFixed(Object) can never change} are kept. Finding takes no lock and allocates nothing.
 * Thread-safe.
 */
public final class RecentKeys {

  /** How many keys are kept at most, a power of two. */
  private static final int PLACES = 8_192;

  private static final int LONGEST = 300;

  /** Spreads hashes that differ in few bits: the golden ratio, as in Fibonacci hashing. */
  private static final int SPREAD = 0x9e3779b9;

  private static final int SHIFT = Integer.SIZE - Integer.numberOfTrailingZeros(PLACES / 2);

  private final AtomicReferenceArray<@Nullable Known> places = new AtomicReferenceArray<>(PLACES);

  private record Known(Object key, int version, String name) {

    boolean is(Object other, int wanted) {
      return version == wanted && key.equals(other);
    }
  }

  /** Returns the name that was noted for a key under a version; null if it is not known. */
  public @Nullable String find(Object key, int version) {
    int first = first(key);
    Known one = places.getAcquire(first);
    if (one != null && one.is(key, version)) {
      return one.name();
    }
    Known other = places.getAcquire(first + 1);
    return other != null && other.is(key, version) ? other.name() : null;
  }

  /** Takes note of the name of a key under a version, if it is one to keep. */
  public void note(Object key, int version, String name) {
    if (name.length() > LONGEST || !KeyText.isFixed(key)) {
      return;
    }
    int first = first(key);
    places.setRelease(first + 1, places.getAcquire(first));
    places.setRelease(first, new Known(key, version, name));
  }

  private static int first(Object key) {
    return ((key.hashCode() * SPREAD) >>> SHIFT) << 1;
  }
}
