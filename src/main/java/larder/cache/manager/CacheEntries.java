package larder.cache.manager;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import larder.cache.policy.Policy;
import larder.cache.remote.RemoteStore;
import larder.cache.value.Decoded;
import larder.cache.value.Encoded;
import larder.cache.value.ValueCodec;
import larder.cache.value.ValueType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The entries of one cache under its current policy: keys made into Redis keys, values into bytes.
 *
 * <p>Redis key: {@code {application}:{cache}:v{version}:{key}}, such as {@code larder:users:v1:42};
 * a colon inside of a name is written {@code %3A}. Value: see {@code larder.cache.value.Envelope}.
 * Every entry has a time to live.
 */
final class CacheEntries {

  private static final Logger log = LoggerFactory.getLogger(CacheEntries.class);

  private final String prefix;
  private final Supplier<Policy> policy;
  private final RemoteStore store;
  private final ValueCodec codec;
  private final Set<Object> said = ConcurrentHashMap.newKeySet();

  CacheEntries(String prefix, Supplier<Policy> policy, RemoteStore store, ValueCodec codec) {
    this.prefix = prefix;
    this.policy = policy;
    this.store = store;
    this.codec = codec;
  }

  boolean isEnabled() {
    return policy.get().enabled();
  }

  @Nullable Decoded find(Typing typing, String key) {
    return decoded(typing, store.get(redisKey(key)));
  }

  /**
   * Returns the storing of what a load brought, encoded as it is now; without an answer of Redis,
   * nothing happens.
   */
  Runnable filling(ValueType type, String key, @Nullable Object value) {
    byte[] bytes = encoded(type, value);
    Duration ttl = timeToLive(value);
    return bytes == null || ttl.isZero() ? () -> {} : () -> store.set(redisKey(key), bytes, ttl);
  }

  /**
   * Returns the storing of a new value, encoded as it is now, in place of an old one, which is gone
   * in any case.
   */
  Runnable putting(ValueType type, String key, @Nullable Object value) {
    byte[] bytes = isEnabled() ? encoded(type, value) : null;
    Duration ttl = timeToLive(value);
    return () -> {
      if (bytes == null || ttl.isZero() || !store.set(redisKey(key), bytes, ttl)) {
        store.remove(redisKey(key));
      }
    };
  }

  /**
   * Returns the storing of a value, encoded as it is now, under a key that has none; it answers
   * false if the key has one or Redis did not answer.
   */
  BooleanSupplier puttingIfAbsent(ValueType type, String key, @Nullable Object value) {
    byte[] bytes = encoded(type, value);
    Duration ttl = timeToLive(value);
    return () -> bytes != null && !ttl.isZero() && store.setIfAbsent(redisKey(key), bytes, ttl);
  }

  boolean remove(String key) {
    return store.remove(redisKey(key));
  }

  boolean removeAll() {
    return store.removeAll(redisKey(""));
  }

  /** Says something of this cache once for each subject, as a warning. */
  void say(Object subject, String about) {
    if (said.add(subject)) {
      log.warn("Cache '{}': {}", policy.get().cache(), about);
    }
  }

  private String redisKey(String key) {
    return prefix + ":v" + policy.get().version() + ":" + key;
  }

  private Duration timeToLive(@Nullable Object value) {
    boolean empty = value == null || (value instanceof Optional<?> optional && optional.isEmpty());
    return policy.get().timeToLive(!empty);
  }

  private byte @Nullable [] encoded(ValueType type, @Nullable Object value) {
    Encoded encoded = codec.encode(type, value);
    if (encoded instanceof Encoded.Bytes bytes) {
      return bytes.bytes();
    }
    say(type, "a " + type + " is not cached: " + ((Encoded.Refused) encoded).reason());
    return null;
  }

  private @Nullable Decoded decoded(Typing typing, byte @Nullable [] bytes) {
    Long fingerprint = bytes == null ? null : codec.fingerprint(bytes);
    ValueType type = fingerprint == null ? null : typing.toRead(fingerprint);
    return bytes == null || type == null ? null : codec.decode(type, bytes);
  }
}
