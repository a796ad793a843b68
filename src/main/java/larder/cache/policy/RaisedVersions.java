package larder.cache.policy;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The versions to which caches were raised while the application runs.
 *
 * <p>A version only rises, and counts only while it is above the one that is said. Thread-safe.
 */
public final class RaisedVersions {

  private final Map<String, Integer> versions = new ConcurrentHashMap<>();
  private final AtomicLong changes = new AtomicLong();

  /** Raises a cache to a version, unless it is there or above it already. */
  public void raise(String cache, int version) {
    if (version > of(cache)) {
      versions.merge(cache, version, Math::max);
      changes.incrementAndGet();
    }
  }

  /** Returns the version to which a cache was raised; 0 if it was not. */
  public int of(String cache) {
    return versions.getOrDefault(cache, 0);
  }

  /** Returns how often a version was raised here. */
  long changes() {
    return changes.get();
  }
}
