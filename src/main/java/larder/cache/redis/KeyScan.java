package larder.cache.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import larder.redis.RedisCalls;
import larder.redis.Script;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RScript.ReturnType;

/**
 * The slow walk over the keys of the server that holds the log, some hundreds every few minutes, to
 * see whether there are others than this application's.
 *
 * <p>A script of a few {@code SCAN}s. Who may not scan is not asked again. Used by one thread.
 */
final class KeyScan {

  private static final Duration PAUSE = Duration.ofMinutes(5);
  private static final int PAGES = 5;
  private static final int PER_PAGE = 100;

  private static final Script SCAN =
      new Script(
          """
          local cursor = ARGV[1]
          local found = {}
          for page = 1, tonumber(ARGV[2]) do
            local reply = redis.pcall('scan', cursor, 'count', ARGV[3])
            if reply.err then
              return {'', {}}
            end
            cursor = reply[1]
            for i, key in ipairs(reply[2]) do
              found[#found + 1] = key
            end
            if cursor == '0' then
              break
            end
          end
          return {cursor, found}
          """,
          ReturnType.LIST);

  private final RedisCalls calls;
  private final String key;
  private final Predicate<String> own;
  private final LongSupplier nanoClock;
  private String cursor = "0";
  private KeySample walk = KeySample.NONE;
  private KeySample lastWalk = KeySample.NONE;
  private boolean refused;
  private @Nullable Long walkedNanos;

  /**
   * @param key a key of the server to be looked at; need not be there
   * @param own whether a key is this application's
   */
  KeyScan(RedisCalls calls, String key, Predicate<String> own, LongSupplier nanoClock) {
    this.calls = calls;
    this.key = key;
    this.own = own;
    this.nanoClock = nanoClock;
  }

  /** Returns what the walk that is under way has met, or the one before if that was foreign. */
  KeySample sample() {
    long now = nanoClock.getAsLong();
    if (!refused && (walkedNanos == null || now - walkedNanos >= PAUSE.toNanos())) {
      walkedNanos = now;
      walkOn();
    }
    return walk.foreign() == 0 && lastWalk.foreign() > 0 ? lastWalk : walk;
  }

  private void walkOn() {
    List<?> reply = calls.await(this::scan);
    if (reply == null) {
      return;
    }
    if (cursor.equals("0")) {
      lastWalk = walk;
      walk = KeySample.NONE;
    }
    cursor = text(reply.get(0));
    refused = cursor.isEmpty();
    List<String> keys = ((List<?>) reply.get(1)).stream().map(KeyScan::text).toList();
    walk = walk.and(KeySample.of(keys, own));
  }

  private CompletionStage<List<?>> scan() {
    return SCAN.run(
        calls,
        List.of(key),
        cursor.getBytes(UTF_8),
        Integer.toString(PAGES).getBytes(UTF_8),
        Integer.toString(PER_PAGE).getBytes(UTF_8));
  }

  private static String text(Object bytes) {
    return new String((byte[]) bytes, UTF_8);
  }
}
