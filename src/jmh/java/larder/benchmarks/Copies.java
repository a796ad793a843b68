package larder.benchmarks;

import java.util.List;
import larder.dev.servers.TestServers;

/**
 * Many entries in Redis, made of one that a peer has written: its bytes under other ids, where and
 * with the time to live that the peer has given it. A script in Redis makes a million in seconds.
 */
final class Copies {

  /** The id of the entry that is copied. */
  static final long FIRST = 1_000_000;

  private static final int AT_ONCE = 1_000;

  /** KEYS: a key that holds the entry. ARGV: its id, the first copy's id, the last one's. */
  private static final String COPY =
      """
      local kind = redis.call('type', KEYS[1])['ok']
      local prefix = string.sub(KEYS[1], 1, -1 - #ARGV[1])
      local value, ttl
      if kind == 'string' then
        value = redis.call('get', KEYS[1])
        ttl = redis.call('pttl', KEYS[1])
      elseif kind == 'hash' then
        value = redis.call('hget', KEYS[1], ARGV[1])
      else
        value = redis.call('zscore', KEYS[1], ARGV[1])
      end
      for i = tonumber(ARGV[2]), tonumber(ARGV[3]) do
        local id = string.format('%d', i)
        if kind == 'string' then
          redis.call('psetex', prefix .. id, ttl, value)
        elseif kind == 'hash' then
          redis.call('hset', KEYS[1], id, value)
        else
          redis.call('zadd', KEYS[1], value, id)
        end
      end
      return 1
      """;

  /** Tells where an entry is: a string whose key ends in its id, or a field or member of its id. */
  private static final String FIND =
      """
      local found = {}
      for _, key in ipairs(redis.call('keys', '*')) do
        local kind = redis.call('type', key)['ok']
        if (kind == 'string' and string.sub(key, -#ARGV[1]) == ARGV[1])
            or (kind == 'hash' and redis.call('hexists', key, ARGV[1]) == 1)
            or (kind == 'zset' and redis.call('zscore', key, ARGV[1])) then
          table.insert(found, key)
        end
      end
      return found
      """;

  /** Counts keys once, and hashes by their fields. */
  private static final String COUNT =
      """
      local sum = redis.call('dbsize')
      for _, key in ipairs(redis.call('keys', '*accounts*')) do
        if redis.call('type', key)['ok'] == 'hash' then
          sum = sum + redis.call('hlen', key) - 1
        end
      end
      return sum
      """;

  private Copies() {}

  /**
   * Copies the entry of the first id, which must be there.
   *
   * @param from how many entries there are already, by their ids
   * @param count how many there are to be
   */
  static void make(int from, int count) {
    String first = Long.toString(FIRST);
    List<String> keys = TestServers.redis().command("EVAL", FIND, "0", first).lines().toList();
    if (keys.isEmpty()) {
      throw new IllegalStateException("Redis has no entry to copy");
    }
    for (String key : keys) {
      for (long next = FIRST + from; next < FIRST + count; next += AT_ONCE) {
        long last = Math.min(next + AT_ONCE, FIRST + count) - 1;
        TestServers.redis().command("EVAL", COPY, "1", key, first, "" + next, "" + last);
      }
    }
  }

  /** Returns how many entries of caches there are: strings, or fields of hashes. */
  static int count() {
    return Integer.parseInt(TestServers.redis().command("EVAL", COUNT, "0").strip());
  }
}
