package larder.cache.warmup;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import larder.redis.Keyspace;
import larder.redis.RedisCalls;
import larder.redis.Script;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RScript;
import org.redisson.client.protocol.ScoredEntry;

/**
 * The calls that each cache answers most, as all nodes share them in Redis.
 *
 * <p>Key: {@code {application}:warmup:{cache}}, such as {@code larder:warmup:users}, a sorted set
 * with a time to live of {@value #KEPT_DAYS} days; a change of the cache's version leaves it.
 * Members: {@link CallText}. Score: {@code t / h + log2(n)}, with Redis's time {@code t} and the
 * half-life {@code h}, for a call that counted for {@code n} uses at that time. What counts for
 * twice as much one half-life earlier has the same score; so scores of any age and of any cache
 * compare, nothing has to be written anew as uses lose weight, and no number grows out of its
 * bounds.
 *
 * <p>Each node tells what it has counted itself, and the greatest score of a call stands: the node
 * that uses it most says how hot it is. So telling twice, late or after an answer that got lost
 * changes nothing, and a list that Redis has lost is told again.
 *
 * <p>Commands: {@code ZREVRANGE}; a script with {@code TIME}, {@code TYPE}, {@code UNLINK}, {@code
 * ZSCORE}, {@code ZADD}, {@code ZREMRANGEBYRANK} and {@code PEXPIRE} on one key. Thread-safe.
 */
final class HotCalls {

  /** After this time a use counts for half. */
  static final Duration HALF_LIFE = Duration.ofHours(6);

  private static final int KEPT_DAYS = 7;

  /** Nobody waits for these answers but a thread in the background, or a start for its first. */
  private static final Duration PATIENCE = Duration.ofMillis(500);

  private static final int MOST_AT_ONCE = 500;

  /**
   * ARGV: 1 the half-life in seconds, 2 how many are kept, 3 the time to live in ms; then the
   * logarithm of each count, and its call. A score that no count can have is taken for none.
   */
  private static final String MERGE =
      """
      if redis.call('TYPE', KEYS[1]).ok ~= 'zset' then
        redis.call('UNLINK', KEYS[1])
      end
      local time = redis.call('TIME')
      local now = (tonumber(time[1]) + tonumber(time[2]) / 1000000) / tonumber(ARGV[1])
      for i = 4, #ARGV, 2 do
        local score = now + tonumber(ARGV[i])
        local known = tonumber(redis.call('ZSCORE', KEYS[1], ARGV[i + 1]) or '')
        if not known or known < score or known > now + 64 then
          redis.call('ZADD', KEYS[1], string.format('%.9f', score), ARGV[i + 1])
        end
      end
      redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -1 - tonumber(ARGV[2]))
      return redis.call('PEXPIRE', KEYS[1], ARGV[3])
      """;

  private final RedisCalls calls;
  private final Keyspace keyspace;
  private final int kept;

  /**
   * @param kept how many calls of a cache are kept
   */
  HotCalls(RedisCalls calls, Keyspace keyspace, int kept) {
    this.calls = calls;
    this.keyspace = keyspace;
    this.kept = kept;
  }

  String key(String cache) {
    return keyspace.prefix() + "warmup:" + Keyspace.escaped(cache);
  }

  /** Tells the others how often calls are made; if Redis does not answer, nothing is told. */
  void tell(String cache, Map<String, Double> counts) {
    Iterator<Map.Entry<String, Double>> all = counts.entrySet().iterator();
    while (all.hasNext()) {
      List<Object> arguments = new ArrayList<>();
      arguments.add(bytes(Long.toString(HALF_LIFE.toSeconds())));
      arguments.add(bytes(Integer.toString(kept)));
      arguments.add(bytes(Long.toString(Duration.ofDays(KEPT_DAYS).toMillis())));
      for (int i = 0; i < MOST_AT_ONCE && all.hasNext(); i++) {
        Map.Entry<String, Double> one = all.next();
        double log = Math.log(one.getValue()) / Math.log(2);
        arguments.add(bytes(String.format(Locale.ROOT, "%.9f", log)));
        arguments.add(bytes(one.getKey()));
      }
      Long unused = calls.await(() -> merge(key(cache), arguments), PATIENCE);
    }
  }

  private CompletionStage<Long> merge(String key, List<Object> arguments) {
    return new Script(MERGE, RScript.ReturnType.LONG).run(calls, List.of(key), arguments.toArray());
  }

  /**
   * Returns the calls of a cache with their scores, the hottest first; null if Redis did not answer
   * or has something else there. May hold any text.
   */
  @Nullable Map<String, Double> hottest(String cache) {
    Collection<ScoredEntry<byte[]>> found =
        calls.await(
            () ->
                calls
                    .redisson()
                    .<byte[]>getScoredSortedSet(calls.options(key(cache)))
                    .entryRangeReversedAsync(0, kept - 1),
            PATIENCE);
    if (found == null) {
      return null;
    }
    Map<String, Double> hottest = new LinkedHashMap<>();
    found.forEach(
        one -> hottest.put(new String(one.getValue(), StandardCharsets.UTF_8), one.getScore()));
    return hottest;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
