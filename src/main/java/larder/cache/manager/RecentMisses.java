package larder.cache.manager;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import larder.cache.log.node.Origin;
import org.jspecify.annotations.Nullable;

/**
 * The last lookups of each thread that found nothing and were made by hand, outside of any
 * annotated method: what is put after one of them was read after it, and is no newer.
 *
 * <p>Few are kept; a put forgets its own, and so does an evict: who evicts and then puts says that
 * this is how it is now. Thread-safe.
 */
final class RecentMisses {

  /** Of more keys than that nobody keeps count between a lookup and its put. */
  private static final int MOST = 8;

  private static final ThreadLocal<Deque<Miss>> OF_THREAD =
      ThreadLocal.withInitial(ArrayDeque::new);

  private RecentMisses() {}

  /**
   * A lookup that found nothing.
   *
   * @param cache the name of the cache
   * @param key the text of the key
   * @param origin the origin of what is read after it; null if that is not known
   */
  record Miss(String cache, String key, @Nullable Origin origin) {}

  /** Takes note of a miss in this thread. */
  static void note(Miss miss) {
    Deque<Miss> misses = OF_THREAD.get();
    forget(miss.cache(), miss.key());
    misses.addFirst(miss);
    if (misses.size() > MOST) {
      misses.removeLast();
    }
  }

  /** Returns the last miss of a key in this thread and forgets it; null if none is known. */
  static @Nullable Miss take(String cache, String key) {
    for (Iterator<Miss> misses = OF_THREAD.get().iterator(); misses.hasNext(); ) {
      Miss miss = misses.next();
      if (miss.cache().equals(cache) && miss.key().equals(key)) {
        misses.remove();
        return miss;
      }
    }
    return null;
  }

  /** Forgets the misses of a key in this thread. */
  static void forget(String cache, String key) {
    OF_THREAD.get().removeIf(miss -> miss.cache().equals(cache) && miss.key().equals(key));
  }

  /** Forgets the misses of a cache in this thread. */
  static void forget(String cache) {
    OF_THREAD.get().removeIf(miss -> miss.cache().equals(cache));
  }
}
