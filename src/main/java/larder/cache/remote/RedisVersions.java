package larder.cache.remote;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import larder.cache.policy.RaisedVersions;
import larder.redis.RedisCalls;
import larder.redis.RepeatedTask;
import org.redisson.api.RMap;
import org.redisson.api.options.MapOptions;
import org.redisson.client.codec.StringCodec;
import org.springframework.context.SmartLifecycle;

/**
 * The versions to which caches were raised, as all nodes share them: a hash in Redis, the cache's
 * name to the version in decimal.
 *
 * <p>Each node looks every few seconds. Nothing is served wrongly before it has, or if the hash is
 * lost: a version only names entries, and whoever raises one also clears the cache. Commands:
 * {@code HSET}, {@code HMGET}.
 */
public final class RedisVersions implements SmartLifecycle {

  private static final Duration INTERVAL = Duration.ofSeconds(3);

  private final RedisCalls calls;
  private final String key;
  private final RaisedVersions raised;
  private final Supplier<Set<String>> caches;
  private final RepeatedTask looking =
      new RepeatedTask("larder-versions", this::look, () -> INTERVAL);

  /**
   * @param key the name of the hash
   * @param raised takes what is found
   * @param caches gives the names of the caches to look for
   */
  public RedisVersions(
      RedisCalls calls, String key, RaisedVersions raised, Supplier<Set<String>> caches) {
    this.calls = calls;
    this.key = key;
    this.raised = raised;
    this.caches = caches;
  }

  /**
   * Raises a cache to a version, here at once and on other nodes within seconds.
   *
   * @return false if Redis has not answered; then nothing has changed
   */
  public boolean raise(String cache, int version) {
    Boolean put = calls.await(() -> hash().fastPutAsync(cache, Integer.toString(version)));
    if (put == null) {
      return false;
    }
    raised.raise(cache, version);
    return true;
  }

  /** Takes over what was raised elsewhere. Text that is no version is passed over. */
  void look() {
    Set<String> names = caches.get();
    Map<String, String> found =
        names.isEmpty() ? null : calls.await(() -> hash().getAllAsync(names));
    if (found != null) {
      found.forEach(
          (cache, version) -> {
            if (version.matches("\\d{1,9}")) {
              raised.raise(cache, Integer.parseInt(version));
            }
          });
    }
  }

  private RMap<String, String> hash() {
    return calls
        .redisson()
        .getMap(
            MapOptions.<String, String>name(key)
                .codec(StringCodec.INSTANCE)
                .timeout(Duration.ofSeconds(1))
                .retryAttempts(0));
  }

  @Override
  public void start() {
    looking.start();
  }

  @Override
  public void stop() {
    looking.stop();
  }

  @Override
  public boolean isRunning() {
    return looking.isRunning();
  }

  /** After the way to Redis is open. */
  @Override
  public int getPhase() {
    return Integer.MIN_VALUE + 1;
  }
}
