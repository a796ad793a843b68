package larder.cache.remote;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import larder.cache.statistics.Observations;
import larder.cache.statistics.Timings;
import larder.redis.RedisCalls;
import org.jspecify.annotations.Nullable;
import org.redisson.api.BatchOptions;
import org.redisson.api.RBatch;
import org.redisson.api.RBucket;
import org.redisson.api.options.KeysOptions;
import org.redisson.client.codec.ByteArrayCodec;

/**
 * The entries in Redis, one string each.
 *
 * <p>Nothing here throws for Redis's sake: without an answer a reading finds nothing and a writing
 * is dropped, which costs a miss and nothing else, since every entry is judged when it is served.
 *
 * <p>Commands: {@code GET}, {@code MGET}, {@code PSETEX}, {@code PEXPIRE}, {@code UNLINK}. Those of
 * several keys are sent to each master of a cluster at once, for each slot on its own. Reads of one
 * key that several callers wait for travel {@linkplain JoinedReads together}.
 */
public final class RemoteStore {

  /**
   * Of more keys than that Redis is asked in several steps, so that no other command waits long.
   */
  private static final int MOST_AT_ONCE = 500;

  private static final Duration GIVEN_UP = Duration.ofSeconds(1);

  private final RedisCalls calls;
  private final RedisReads reads;
  private final Observations observations;
  private final Timings timings;

  /**
   * @param observations of the readings that a caller waits for
   * @param timings of the writings that nobody waits for
   */
  public RemoteStore(RedisCalls calls, Observations observations, Timings timings) {
    this.calls = calls;
    this.reads = new RedisReads(calls);
    this.observations = observations;
    this.timings = timings;
  }

  /** Whether Redis answers, as far as is known. */
  public boolean isAvailable() {
    return calls.isAvailable();
  }

  /** Returns the bytes under a key; null if there are none or Redis did not answer. */
  public byte @Nullable [] get(String key) {
    return calls.await(() -> reads.read(key));
  }

  /** As {@link #get(String)}, for a caller of a cache, who waits. */
  public byte @Nullable [] get(String cache, String key) {
    return isAvailable()
        ? observations.observe(Observations.REMOTE_GET, cache, () -> get(key))
        : null;
  }

  /**
   * Returns the bytes under several keys, for a caller of a cache, who waits: one round trip for
   * each 500 keys, each within the deadline.
   *
   * @return by key; without those that Redis has not, or did not answer for
   */
  public Map<String, byte[]> getAll(String cache, List<String> keys) {
    if (keys.isEmpty() || !isAvailable()) {
      return Map.of();
    }
    Map<String, byte[]> found =
        observations.observe(Observations.REMOTE_GET, cache, () -> getAll(keys));
    return found == null ? Map.of() : found;
  }

  private Map<String, byte[]> getAll(List<String> keys) {
    Map<String, byte[]> found = new HashMap<>();
    for (List<String> some : parts(keys)) {
      String[] names = some.toArray(String[]::new);
      Map<String, byte[]> answer =
          calls.await(() -> calls.redisson().getBuckets(calls.options()).<byte[]>getAsync(names));
      if (answer == null) {
        return found;
      }
      found.putAll(answer);
    }
    return found;
  }

  /**
   * An entry to store.
   *
   * @param ttl time to live, positive
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Write(String key, byte[] bytes, Duration ttl) {}

  /** Stores several entries without waiting, in one batch for each 500. */
  public void setAll(List<Write> writes) {
    if (writes.size() == 1) {
      Write only = writes.get(0);
      var unused = set(only.key(), only.bytes(), only.ttl());
      return;
    }
    for (List<Write> some : parts(writes)) {
      long began = System.nanoTime();
      var unused =
          calls
              .later(() -> batch(some).executeAsync().thenApply(done -> true))
              .whenComplete((done, failure) -> timings.remoteSet(System.nanoTime() - began));
    }
  }

  private RBatch batch(List<Write> writes) {
    BatchOptions options =
        BatchOptions.defaults()
            .responseTimeout(GIVEN_UP.toMillis(), TimeUnit.MILLISECONDS)
            .retryAttempts(0);
    RBatch batch = calls.redisson().createBatch(options);
    for (Write write : writes) {
      var unused =
          batch
              .<byte[]>getBucket(write.key(), ByteArrayCodec.INSTANCE)
              .setAsync(write.bytes(), write.ttl());
    }
    return batch;
  }

  private static <T> List<List<T>> parts(List<T> all) {
    List<List<T>> parts = new ArrayList<>();
    for (int from = 0; from < all.size(); from += MOST_AT_ONCE) {
      parts.add(all.subList(from, Math.min(from + MOST_AT_ONCE, all.size())));
    }
    return parts;
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

  /** Removes several keys without waiting. */
  public void removeAll(List<String> keys) {
    KeysOptions options = KeysOptions.defaults().timeout(GIVEN_UP).retryAttempts(0);
    for (List<String> some : parts(keys)) {
      String[] names = some.toArray(String[]::new);
      CompletableFuture<?> unused =
          calls.later(() -> calls.redisson().getKeys(options).unlinkAsync(names));
    }
  }

  private RBucket<byte[]> bucket(String key) {
    return calls.redisson().getBucket(calls.options(key));
  }
}
