package larder.cache.remote;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import larder.redis.RedisCalls;
import larder.redis.Script;
import org.jspecify.annotations.Nullable;
import org.redisson.api.BatchOptions;
import org.redisson.api.RBatch;
import org.redisson.api.RFuture;
import org.redisson.api.RMap;
import org.redisson.api.RScript.ReturnType;
import org.redisson.api.options.MapOptions;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.client.codec.Codec;
import org.redisson.client.codec.StringCodec;
import org.redisson.codec.CompositeCodec;

/**
 * Entries that are fields of hashes.
 *
 * <p>A field holds a whole entry, with an expiry of its own in its header, by which it is judged
 * when it is served. The hash lives at least as long as each of its fields: storing one prolongs
 * its time to live and never shortens it. What is no hash where one should be makes room.
 *
 * <p>Fields that are over leave with the hash. One that goes on living because others are stored is
 * swept: whoever stores into a hash of more than {@value #SPARED} fields looks at {@value #LOOKS}
 * of them, drawn by lot, and removes those that are over by Redis's clock. So they do not become
 * more than one in {@value #LOOKS}, however many there were.
 *
 * <p>Commands: {@code HGET}, {@code HMGET}, {@code HDEL}, and in the script {@code TYPE}, {@code
 * UNLINK}, {@code HSET}, {@code PTTL}, {@code PEXPIRE}, {@code HLEN}, {@code TIME} and {@code
 * HRANDFIELD}.
 */
final class HashEntries {

  private static final int SPARED = 64;
  private static final int LOOKS = 8;

  /**
   * Stores fields. ARGV: 1 the longest of their times to live in ms, 2 of how many fields a hash is
   * swept, 3 how many are looked at; then each field and its bytes. The expiry is where the header
   * of an entry has it, in format 1 as well as now, and bytes that do not begin like one are left
   * alone.
   */
  private static final Script STORE =
      new Script(
          """
      local hash = KEYS[1]
      local held = redis.call('TYPE', hash).ok
      if held ~= 'hash' and held ~= 'none' then
        redis.call('UNLINK', hash)
      end
      for i = 4, #ARGV, 2 do
        redis.call('HSET', hash, ARGV[i], ARGV[i + 1])
      end
      if redis.call('PTTL', hash) < tonumber(ARGV[1]) then
        redis.call('PEXPIRE', hash, ARGV[1])
      end
      if redis.call('HLEN', hash) > tonumber(ARGV[2]) then
        local time = redis.call('TIME')
        local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
        local some = redis.call('HRANDFIELD', hash, ARGV[3], 'WITHVALUES')
        for i = 1, #some, 2 do
          local entry = some[i + 1]
          local first, second = string.byte(entry, 1, 2)
          local format = first == 76 and (second == 1 and 1 or math.floor((second or 0) / 32)) or 0
          if format == 2 and #entry >= 30 and struct.unpack('>I6', entry, 3) < now
              or format == 1 and #entry >= 46 and struct.unpack('>I8', entry, 33) < now then
            redis.call('HDEL', hash, some[i])
          end
        end
      end
      return 1
      """,
          ReturnType.LONG);

  private static final Codec CODEC =
      new CompositeCodec(StringCodec.INSTANCE, ByteArrayCodec.INSTANCE);

  private static final Duration GIVEN_UP = Duration.ofSeconds(1);

  private final RedisCalls calls;

  HashEntries(RedisCalls calls) {
    this.calls = calls;
  }

  /** Reads one field. */
  CompletionStage<byte[]> get(String hash, String field) {
    return map(hash).getAsync(field);
  }

  /**
   * Reads several fields: those of one hash by one command, those of several in one round trip. A
   * hash that is none has no fields; fails if there is no answer for any.
   */
  CompletionStage<Map<EntryAddress, byte[]>> getAll(Collection<EntryAddress> addresses) {
    Map<String, Set<String>> hashes = byHash(addresses);
    if (hashes.size() == 1) {
      String hash = hashes.keySet().iterator().next();
      return map(hash)
          .getAllAsync(hashes.get(hash))
          .thenApply(found -> addressed(Map.of(hash, found)));
    }
    RBatch batch = batch();
    Map<String, RFuture<Map<String, byte[]>>> answers = new LinkedHashMap<>();
    hashes.forEach(
        (hash, fields) ->
            answers.put(hash, batch.<String, byte[]>getMap(hash, CODEC).getAllAsync(fields)));
    return batch.executeAsync().handle((done, failure) -> arrived(answers, failure));
  }

  private static Map<EntryAddress, byte[]> arrived(
      Map<String, RFuture<Map<String, byte[]>>> answers, @Nullable Throwable failure) {
    Map<String, Map<String, byte[]>> arrived = new HashMap<>();
    answers.forEach(
        (hash, answer) -> {
          var future = answer.toCompletableFuture();
          if (future.isDone() && !future.isCompletedExceptionally()) {
            arrived.put(hash, future.join());
          }
        });
    if (failure != null && arrived.isEmpty()) {
      throw failure instanceof CompletionException wrapped
          ? wrapped
          : new CompletionException(failure);
    }
    return addressed(arrived);
  }

  private static Map<EntryAddress, byte[]> addressed(Map<String, Map<String, byte[]>> found) {
    Map<EntryAddress, byte[]> addressed = new HashMap<>();
    found.forEach(
        (hash, fields) ->
            fields.forEach(
                (field, bytes) -> addressed.put(EntryAddress.ofField(hash, field), bytes)));
    return addressed;
  }

  /**
   * Stores fields of one hash by one script.
   *
   * @param ttl the longest of their times to live
   */
  CompletionStage<Boolean> set(String hash, Map<String, byte[]> fields, Duration ttl) {
    List<Object> arguments = new ArrayList<>();
    arguments.add(bytes(Long.toString(ttl.toMillis())));
    arguments.add(bytes(Integer.toString(SPARED)));
    arguments.add(bytes(Integer.toString(LOOKS)));
    fields.forEach(
        (field, entry) -> {
          arguments.add(bytes(field));
          arguments.add(entry);
        });
    return STORE.<Long>run(calls, List.of(hash), arguments.toArray()).thenApply(done -> true);
  }

  /** Removes one field, and with the last the hash. */
  CompletionStage<Boolean> remove(String hash, String field) {
    return map(hash).fastRemoveAsync(field).thenApply(removed -> removed > 0);
  }

  /** Removes several fields, in one round trip. */
  CompletionStage<Boolean> removeAll(Collection<EntryAddress> addresses) {
    RBatch batch = batch();
    byHash(addresses)
        .forEach(
            (hash, fields) -> {
              var unused =
                  batch
                      .<String, byte[]>getMap(hash, CODEC)
                      .fastRemoveAsync(fields.toArray(String[]::new));
            });
    return batch.executeAsync().thenApply(done -> true);
  }

  private static Map<String, Set<String>> byHash(Collection<EntryAddress> addresses) {
    Map<String, Set<String>> hashes = new LinkedHashMap<>();
    for (EntryAddress address : addresses) {
      hashes
          .computeIfAbsent(address.key(), any -> new LinkedHashSet<>())
          .add(Objects.requireNonNull(address.field()));
    }
    return hashes;
  }

  private RBatch batch() {
    return calls
        .redisson()
        .createBatch(
            BatchOptions.defaults()
                .responseTimeout(GIVEN_UP.toMillis(), TimeUnit.MILLISECONDS)
                .retryAttempts(0));
  }

  private RMap<String, byte[]> map(String hash) {
    return calls
        .redisson()
        .getMap(
            MapOptions.<String, byte[]>name(hash).codec(CODEC).timeout(GIVEN_UP).retryAttempts(0));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
