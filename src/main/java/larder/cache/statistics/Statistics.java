package larder.cache.statistics;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;

/** The statistics of all caches of this process, by name. Thread-safe. */
public final class Statistics {

  private final Map<String, CacheStatistics> caches = new ConcurrentHashMap<>();
  private final List<BiConsumer<String, CacheStatistics>> followers = new CopyOnWriteArrayList<>();

  /** Returns the statistics of a cache, which begin when it is first asked for. */
  public CacheStatistics of(String cache) {
    CacheStatistics known = caches.get(cache);
    if (known != null) {
      return known;
    }
    CacheStatistics created = new CacheStatistics();
    CacheStatistics first = caches.putIfAbsent(cache, created);
    if (first == null) {
      followers.forEach(follower -> follower.accept(cache, created));
    }
    return first == null ? created : first;
  }

  /** Returns the statistics of all caches there are now, by name. */
  public Map<String, CacheStatistics> all() {
    return new TreeMap<>(caches);
  }

  /** Tells of every cache there is and of each that comes; of one that comes now perhaps twice. */
  public void follow(BiConsumer<String, CacheStatistics> follower) {
    followers.add(follower);
    all().forEach(follower);
  }
}
