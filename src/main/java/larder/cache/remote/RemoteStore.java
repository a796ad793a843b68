package larder.cache.remote;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import larder.cache.statistics.Observations;
import larder.cache.statistics.Timings;
import larder.redis.RedisCalls;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBucket;

/**
 * The entries in Redis, one string each.
 *
 * <p>Nothing here throws for Redis's sake: without an answer a reading finds nothing and a writing
 * is dropped, which costs a miss and nothing else, since every entry is judged when it is served.
 *
 * <p>Commands: {@code GET}, {@code PSETEX}, {@code PEXPIRE}, {@code UNLINK}. Each touches one key,
 * so a cluster will do.
 */
public final class RemoteStore {

  private final RedisCalls calls;
  private final Observations observations;
  private final Timings timings;

  /**
   * @param observations of the readings that a caller waits for
   * @param timings of the writings that nobody waits for
   */
  public RemoteStore(RedisCalls calls, Observations observations, Timings timings) {
    this.calls = calls;
    this.observations = observations;
    this.timings = timings;
  }

  /** Whether Redis answers, as far as is known. */
  public boolean isAvailable() {
    return calls.isAvailable();
  }

  /** Returns the bytes under a key; null if there are none or Redis did not answer. */
  public byte @Nullable [] get(String key) {
    return calls.await(() -> bucket(key).getAsync());
  }

  /** As {@link #get(String)}, for a caller of a cache, who waits. */
  public byte @Nullable [] get(String cache, String key) {
    return isAvailable()
        ? observations.observe(Observations.REMOTE_GET, cache, () -> get(key))
        : null;
  }

  /**
   * Stores bytes under a key without waiting.
   *
   * @param ttl time to live, positive
   * @return completes when Redis has answered or the deadline has passed
   */
  public CompletableFuture<?> set(String key, byte[] bytes, Duration ttl) {
    if (!isAvailable()) {
      return CompletableFuture.completedFuture(null);
    }
    long began = System.nanoTime();
    return calls
        .later(() -> bucket(key).setAsync(bytes, ttl).thenApply(done -> true))
        .whenComplete((done, failure) -> timings.remoteSet(System.nanoTime() - began));
  }

  /** Has the time to live of a key begin anew, without waiting. */
  public void renew(String key, Duration ttl) {
    CompletableFuture<?> unused = calls.later(() -> bucket(key).expireAsync(ttl));
  }

  /** Removes a key without waiting. */
  public CompletableFuture<@Nullable Boolean> remove(String key) {
    return calls.later(() -> bucket(key).unlinkAsync());
  }

  private RBucket<byte[]> bucket(String key) {
    return calls.redisson().getBucket(calls.options(key));
  }
}
