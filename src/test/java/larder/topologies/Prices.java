package larder.topologies;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The source of truth that all nodes of a test share, with its history: how often an item's price
 * has changed, and when each change was visible.
 *
 * <p>Reading takes a few milliseconds after the value was taken, as a slow query does.
 */
final class Prices {

  private static final long QUERY_MILLIS = 3;

  /** The instant at which each version was visible, by item; version 0 was there from the start. */
  private final Map<String, List<Long>> changes = new ConcurrentHashMap<>();

  private final Map<String, AtomicInteger> reads = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> readers = new ConcurrentHashMap<>();
  private final Map<String, Integer> mostReaders = new ConcurrentHashMap<>();

  /** Returns the version of an item, for a node. */
  int read(String node, String item) {
    String from = node + " " + item;
    reads.computeIfAbsent(from, any -> new AtomicInteger()).incrementAndGet();
    AtomicInteger now = readers.computeIfAbsent(from, any -> new AtomicInteger());
    mostReaders.merge(from, now.incrementAndGet(), Math::max);
    try {
      int version = version(item);
      TimeUnit.MILLISECONDS.sleep(QUERY_MILLIS);
      return version;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while reading", e);
    } finally {
      now.decrementAndGet();
    }
  }

  /** Changes an item and returns its new version. */
  int change(String item) {
    List<Long> history = history(item);
    synchronized (history) {
      history.add(System.nanoTime());
      return history.size();
    }
  }

  int version(String item) {
    return history(item).size();
  }

  /**
   * Returns for how long the version of an item had been replaced at an instant; 0 if it was not.
   */
  long staleNanos(String item, int version, long at) {
    List<Long> history = history(item);
    return version >= history.size() ? 0 : Math.max(0, at - history.get(version));
  }

  /** Returns how often a node has read an item here. */
  int reads(String node, String item) {
    AtomicInteger count = reads.get(node + " " + item);
    return count == null ? 0 : count.get();
  }

  /** Returns how many reads of an item by a node were ever under way at the same time. */
  int mostReaders(String node, String item) {
    return mostReaders.getOrDefault(node + " " + item, 0);
  }

  private List<Long> history(String item) {
    return changes.computeIfAbsent(item, any -> new CopyOnWriteArrayList<>());
  }
}
