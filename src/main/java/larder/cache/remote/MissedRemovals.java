package larder.cache.remote;

import java.util.HashSet;
import java.util.Set;

/**
 * Removals that Redis has not acknowledged, kept until they can be made good.
 *
 * <p>At most {@value #MOST} keys are kept; beyond that, everything under the application's name is
 * to be removed. Thread-safe.
 */
final class MissedRemovals {

  /**
   * What is to be made good.
   *
   * @param keys single keys
   * @param prefixes beginnings of keys
   */
  record Missed(Set<String> keys, Set<String> prefixes) {

    boolean isEmpty() {
      return keys.isEmpty() && prefixes.isEmpty();
    }
  }

  private static final int MOST = 10_000;

  private final String everything;
  private Set<String> keys = new HashSet<>();
  private Set<String> prefixes = new HashSet<>();

  /**
   * @param everything beginning of all keys of the application
   */
  MissedRemovals(String everything) {
    this.everything = everything;
  }

  synchronized void addKey(String key) {
    if (prefixes.contains(everything)) {
      return;
    }
    keys.add(key);
    if (keys.size() > MOST) {
      keys.clear();
      prefixes.add(everything);
    }
  }

  synchronized void addPrefix(String prefix) {
    prefixes.add(prefix);
  }

  /** Returns what is kept and forgets it. */
  synchronized Missed take() {
    Missed taken = new Missed(keys, prefixes);
    keys = new HashSet<>();
    prefixes = new HashSet<>();
    return taken;
  }

  /** Takes back what could not be made good. */
  synchronized void putBack(Missed missed) {
    missed.keys().forEach(this::addKey);
    missed.prefixes().forEach(this::addPrefix);
  }
}
