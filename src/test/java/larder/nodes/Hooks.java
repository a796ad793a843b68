package larder.nodes;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;

/** What a test has the methods of a node do after they have read, and how often they have read. */
@Component
class Hooks {

  private final Map<Object, Runnable> afterReading = new ConcurrentHashMap<>();
  private final Map<Object, AtomicInteger> reads = new ConcurrentHashMap<>();

  /** Has the next reading of a key, and no other, do this before it returns. */
  void onceAfterReading(Object key, Runnable action) {
    AtomicInteger left = new AtomicInteger(1);
    afterReading(
        key,
        () -> {
          if (left.getAndDecrement() > 0) {
            action.run();
          }
        });
  }

  /** Has every reading of a key do this before it returns. */
  void afterReading(Object key, Runnable action) {
    afterReading.put(key, action);
  }

  /** Tells that a key was read from the database. */
  void read(Object key) {
    reads.computeIfAbsent(key, any -> new AtomicInteger()).incrementAndGet();
    afterReading.getOrDefault(key, () -> {}).run();
  }

  /** Returns how often a key was read from the database. */
  int reads(Object key) {
    AtomicInteger counted = reads.get(key);
    return counted == null ? 0 : counted.get();
  }
}
