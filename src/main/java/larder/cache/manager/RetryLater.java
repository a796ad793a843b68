package larder.cache.manager;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keys whose load has just failed, so that it is not tried again at once by everybody.
 *
 * <p>Thread-safe. Forgets all when there are very many.
 */
final class RetryLater {

  private static final long PAUSE_NANOS = 1_000_000_000;
  private static final int MOST = 10_000;

  private final Map<String, Long> failed = new ConcurrentHashMap<>();

  /** Takes note that a load has failed now. */
  void begin(String key, long nowNanos) {
    if (failed.size() >= MOST) {
      failed.clear();
    }
    failed.put(key, nowNanos);
  }

  /** Whether the load of a key is not to be tried again yet. */
  boolean isRunning(String key, long nowNanos) {
    Long since = failed.get(key);
    if (since == null) {
      return false;
    }
    boolean running = nowNanos - since < PAUSE_NANOS;
    if (!running) {
      failed.remove(key, since);
    }
    return running;
  }
}
