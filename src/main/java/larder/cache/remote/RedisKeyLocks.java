package larder.cache.remote;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import larder.cache.load.KeyLocks;
import larder.redis.RedisCalls;
import larder.redis.Script;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RScript.ReturnType;

/**
 * Locks of keys in Redis, each a string beside the entry it is for, in the same hash slot.
 *
 * <p>Key: the entry's in braces and {@code :load}, such as {@code {larder:users:v1:42}:load};
 * value: a random token of the owner; time to live: a few seconds, so that an owner that died keeps
 * nobody for longer. Commands: {@code SET NX PX}; a script that deletes the key if it holds the
 * token.
 */
public final class RedisKeyLocks implements KeyLocks {

  private static final Script RELEASE =
      new Script(
          "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0",
          ReturnType.LONG);

  private final RedisCalls calls;
  private final Duration life;

  /**
   * @param life after this time a lock ends by itself
   */
  public RedisKeyLocks(RedisCalls calls, Duration life) {
    this.calls = calls;
    this.life = life;
  }

  @Override
  public @Nullable Lock tryAcquire(String key) {
    String name = "{" + key + "}:load";
    byte[] token = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);
    Boolean acquired =
        calls.await(
            () ->
                calls
                    .redisson()
                    .<byte[]>getBucket(calls.options(name))
                    .setIfAbsentAsync(token, life));
    return Boolean.FALSE.equals(acquired)
        ? null
        : stored -> {
          var unused = stored.whenComplete((value, failure) -> release(name, token));
        };
  }

  private void release(String name, byte[] token) {
    CompletionStage<?> unused = calls.later(() -> RELEASE.run(calls, List.of(name), token));
  }
}
