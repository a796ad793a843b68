package larder.cache.remote;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import larder.cache.load.KeyLocks.Lock;
import larder.cache.remote.RedisKeyLocks.Held;
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
 * The entries in Redis: one string each, or one field of a hash each ({@link HashEntries}), as
 * their addresses say.
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
  private final HashEntries hashes;
  private final Observations observations;
  private final Timings timings;

  /**
   * @param observations of the readings that a caller waits for
   * @param timings of the writings that nobody waits for
   */
  public RemoteStore(RedisCalls calls, Observations observations, Timings timings) {
    this.calls = calls;
    this.reads = new RedisReads(calls);
    this.hashes = new HashEntries(calls);
    this.observations = observations;
    this.timings = timings;
  }

  /** Whether Redis answers, as far as is known. */
  public boolean isAvailable() {
    return calls.isAvailable();
  }

  /** Returns how many times reads of one key were sent, alone or together. */
  public long flights() {
    return reads.flights();
  }

  /** Returns how many reads of one key were sent in {@linkplain #flights() these}. */
  public long readsSent() {
    return reads.sent();
  }

  /** Returns the bytes of an entry; null if there are none or Redis did not answer. */
  public byte @Nullable [] get(EntryAddress address) {
    String field = address.field();
    return field == null
        ? calls.await(() -> reads.read(address.key()))
        : calls.await(() -> hashes.get(address.key(), field));
  }

  /** As {@link #get(EntryAddress)}, for a caller of a cache, who waits. */
  public byte @Nullable [] get(String cache, EntryAddress address) {
    return isAvailable()
        ? observations.observe(Observations.REMOTE_GET, cache, () -> get(address))
        : null;
  }

  /**
   * Returns the bytes of several entries, for a caller of a cache, who waits: one round trip for
   * each 500 keys and for each 500 fields, each within the deadline.
   *
   * @return by address; without those that Redis has not, or did not answer for
   */
  public Map<EntryAddress, byte[]> getAll(String cache, List<EntryAddress> addresses) {
    if (addresses.isEmpty() || !isAvailable()) {
      return Map.of();
    }
    Map<EntryAddress, byte[]> found =
        observations.observe(Observations.REMOTE_GET, cache, () -> getAll(addresses));
    return found == null ? Map.of() : found;
  }

  private Map<EntryAddress, byte[]> getAll(List<EntryAddress> addresses) {
    Map<EntryAddress, byte[]> found = new HashMap<>();
    Map<Boolean, List<EntryAddress>> kinds = byKind(addresses, address -> address);
    for (List<EntryAddress> some : parts(kinds.getOrDefault(false, List.of()))) {
      String[] names = some.stream().map(EntryAddress::key).toArray(String[]::new);
      Map<String, byte[]> answer =
          calls.await(() -> calls.redisson().getBuckets(calls.options()).<byte[]>getAsync(names));
      if (answer == null) {
        return found;
      }
      answer.forEach((key, bytes) -> found.put(EntryAddress.ofKey(key), bytes));
    }
    for (List<EntryAddress> some : parts(kinds.getOrDefault(true, List.of()))) {
      Map<EntryAddress, byte[]> answer = calls.await(() -> hashes.getAll(some));
      if (answer == null) {
        return found;
      }
      found.putAll(answer);
    }
    return found;
  }

  /** Returns those that are fields under true, in their order. */
  private static <T> Map<Boolean, List<T>> byKind(
      Collection<T> all, Function<T, EntryAddress> address) {
    return all.stream().collect(Collectors.groupingBy(one -> address.apply(one).field() != null));
  }

  /**
   * An entry to store.
   *
   * @param ttl time to live, positive
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Write(EntryAddress address, byte[] bytes, Duration ttl) {}

  /**
   * Stores several entries without waiting: keys in one batch for each 500, the fields of each hash
   * together, one hash after the other.
   */
  public void setAll(List<Write> writes) {
    if (writes.size() == 1) {
      var unused = set(writes.get(0));
      return;
    }
    Map<Boolean, List<Write>> kinds = byKind(writes, Write::address);
    for (List<Write> some : parts(kinds.getOrDefault(false, List.of()))) {
      var unused = timed(() -> batch(some).executeAsync().thenApply(done -> true));
    }
    CompletableFuture<?> before = CompletableFuture.completedFuture(null);
    for (List<Write> hash : byHash(kinds.getOrDefault(true, List.of()))) {
      for (List<Write> some : parts(hash)) {
        before = before.thenCompose(any -> timed(() -> setFields(some)));
      }
    }
  }

  private static Collection<List<Write>> byHash(List<Write> writes) {
    return writes.stream().collect(Collectors.groupingBy(write -> write.address().key())).values();
  }

  private CompletionStage<Boolean> setFields(List<Write> writes) {
    Map<String, byte[]> fields = new LinkedHashMap<>();
    Duration longest = Duration.ZERO;
    for (Write write : writes) {
      fields.put(Objects.requireNonNull(write.address().field()), write.bytes());
      longest = longest.compareTo(write.ttl()) >= 0 ? longest : write.ttl();
    }
    return hashes.set(writes.get(0).address().key(), fields, longest);
  }

  private CompletableFuture<?> timed(Supplier<CompletionStage<Boolean>> command) {
    long began = System.nanoTime();
    return calls
        .later(command)
        .whenComplete((done, failure) -> timings.remoteSet(System.nanoTime() - began));
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
              .<byte[]>getBucket(write.address().key(), ByteArrayCodec.INSTANCE)
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
   * Stores an entry without waiting.
   *
   * @return completes when Redis has answered or the deadline has passed
   */
  public CompletableFuture<?> set(Write write) {
    return set(write, null);
  }

  /**
   * As {@link #set(Write)}, and gives back a lock of the entry in the same step if that can be.
   *
   * @param lock under which the value was loaded; null if under none
   */
  public CompletableFuture<?> set(Write write, @Nullable Lock lock) {
    if (!isAvailable()) {
      return CompletableFuture.completedFuture(null);
    } else if (lock instanceof Held held && held.goesWith(write.address())) {
      return timed(() -> held.store(write.bytes(), write.ttl()));
    }
    return write.address().field() != null
        ? timed(() -> setFields(List.of(write)))
        : timed(
            () ->
                bucket(write.address().key())
                    .setAsync(write.bytes(), write.ttl())
                    .thenApply(done -> true));
  }

  /** Has the time to live of a key begin anew, without waiting. Not for a field, which has none. */
  public void renew(EntryAddress address, Duration ttl) {
    if (address.field() == null) {
      CompletableFuture<?> unused = calls.later(() -> bucket(address.key()).expireAsync(ttl));
    }
  }

  /** Removes an entry without waiting. */
  public CompletableFuture<@Nullable Boolean> remove(EntryAddress address) {
    String field = address.field();
    return field == null
        ? calls.later(() -> bucket(address.key()).unlinkAsync())
        : calls.later(() -> hashes.remove(address.key(), field));
  }

  /** Removes several entries without waiting. */
  public void removeAll(List<EntryAddress> addresses) {
    KeysOptions options = KeysOptions.defaults().timeout(GIVEN_UP).retryAttempts(0);
    Map<Boolean, List<EntryAddress>> kinds = byKind(addresses, address -> address);
    for (List<EntryAddress> some : parts(kinds.getOrDefault(false, List.of()))) {
      String[] names = some.stream().map(EntryAddress::key).toArray(String[]::new);
      CompletableFuture<?> unused =
          calls.later(() -> calls.redisson().getKeys(options).unlinkAsync(names));
    }
    for (List<EntryAddress> some : parts(kinds.getOrDefault(true, List.of()))) {
      CompletableFuture<?> unused = calls.later(() -> hashes.removeAll(some));
    }
  }

  private RBucket<byte[]> bucket(String key) {
    return calls.redisson().getBucket(calls.options(key));
  }
}
