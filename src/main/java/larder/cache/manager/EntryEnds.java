package larder.cache.manager;

import java.util.concurrent.atomic.AtomicLongArray;
import larder.cache.log.Tags;

/**
 * When the lives of the last few thousand keys ended that this process has held, so that a miss can
 * be told from one of a key that nobody asked for before.
 *
 * <p>A slot holds half of the key's hash and the instant in units of 2^26 ns, some 67 milliseconds;
 * a later key takes the place of an earlier one. Thread-safe.
 */
final class EntryEnds {

  private static final int SLOTS = 1 << 12;
  private static final int UNIT_BITS = 26;

  private final AtomicLongArray slots = new AtomicLongArray(SLOTS);

  /** Takes note that the life of a key ends at an instant. */
  void note(String key, long endNanos) {
    long hash = Tags.hash(key);
    slots.set(slot(hash), (hash & 0xffffffff00000000L) | (units(endNanos) & 0xffffffffL));
  }

  /** Whether the life of a key is known to be over. */
  boolean isOver(String key, long nowNanos) {
    long hash = Tags.hash(key);
    long noted = slots.get(slot(hash));
    return noted != 0 && noted >>> 32 == hash >>> 32 && (int) (units(nowNanos) - noted) >= 0;
  }

  private static int slot(long hash) {
    return (int) hash & (SLOTS - 1);
  }

  private static long units(long nanos) {
    return nanos >> UNIT_BITS;
  }
}
