package larder.cache.redis;

import java.util.Map;

/**
 * What one Redis server says of itself; what it does not say, or says in words unknown, is NaN,
 * empty or false.
 *
 * @param usedMemory bytes in use
 * @param maxMemory most bytes that it may use; 0 for no limit
 * @param evictedKeys keys given up for room since its start
 * @param expiredKeys keys whose time was over since its start
 * @param keyspaceHits lookups that found a key since its start
 * @param keyspaceMisses lookups that found none since its start
 * @param policy what it does when it is full, such as {@code allkeys-lfu}
 * @param appendOnly whether it writes every change to a file
 * @param snapshots whether it has saved all keys to a file since its start, and not for a replica
 */
public record ServerFigures(
    double usedMemory,
    double maxMemory,
    double evictedKeys,
    double expiredKeys,
    double keyspaceHits,
    double keyspaceMisses,
    String policy,
    boolean appendOnly,
    boolean snapshots) {

  /**
   * Returns the figures in an answer to {@code INFO}.
   *
   * @param info its lines, by the word before the colon
   */
  static ServerFigures of(Map<String, String> info) {
    return new ServerFigures(
        number(info, "used_memory"),
        number(info, "maxmemory"),
        number(info, "evicted_keys"),
        number(info, "expired_keys"),
        number(info, "keyspace_hits"),
        number(info, "keyspace_misses"),
        info.getOrDefault("maxmemory_policy", "").strip(),
        number(info, "aof_enabled") > 0,
        number(info, "rdb_last_bgsave_time_sec") >= 0 && number(info, "sync_full") == 0);
  }

  private static double number(Map<String, String> info, String name) {
    try {
      return Long.parseLong(info.getOrDefault(name, "").strip());
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
