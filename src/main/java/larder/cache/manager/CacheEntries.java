package larder.cache.manager;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import larder.cache.CachedCall.Source;
import larder.cache.load.Loaded;
import larder.cache.load.Missed.Shared;
import larder.cache.log.Tags;
import larder.cache.log.node.ServingRule;
import larder.cache.log.node.Stamp;
import larder.cache.near.NearEntry;
import larder.cache.policy.Policy;
import larder.cache.transaction.Change;
import larder.cache.value.Decoded;
import larder.cache.value.Encoded;
import larder.cache.value.EntryMark;
import larder.cache.value.Envelope;
import larder.cache.value.ValueType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The entries of one cache in both tiers, under its current policy.
 *
 * <p>Redis key: {@code {application}:{cache}:v{version}:{key}}, such as {@code larder:users:v1:42};
 * a colon inside of a name is written {@code %3A}. Value: see {@link Envelope}. Every entry has a
 * time to live. Tags: {@code c:{cache}} and {@code k:{cache}:{key}}, without the version, so that
 * versions that run side by side invalidate each other.
 *
 * <p>An entry is judged last of all, when it is about to be served.
 */
final class CacheEntries {

  private static final Logger log = LoggerFactory.getLogger(CacheEntries.class);

  private static final int MOST_SAID = 100;

  private final String name;
  private final String prefix;
  private final Supplier<Policy> policy;
  private final Tiers tiers;
  private final Set<String> said = ConcurrentHashMap.newKeySet();

  /**
   * @param prefix application and name of the cache, as its keys begin
   */
  CacheEntries(String name, String prefix, Supplier<Policy> policy, Tiers tiers) {
    this.name = name;
    this.prefix = prefix;
    this.policy = policy;
    this.tiers = tiers;
  }

  boolean isEnabled() {
    return policy.get().enabled();
  }

  /** Returns the tags that every value of a key carries. */
  Tags tags(String key) {
    return Tags.of(cacheTag(), keyTag(key));
  }

  String redisKey(String key) {
    return prefix + ":v" + policy.get().version() + ":" + key;
  }

  /** Returns the value of a key, near or remote; null if there is none that may be served. */
  @Nullable Found find(Typing typing, String key) {
    Found near = findNear(typing, key);
    return near != null ? near : findRemote(typing, key);
  }

  @Nullable Found findNear(Typing typing, String key) {
    NearEntry entry = tiers.near().get(redisKey(key));
    ValueType type = entry == null ? null : typing.toRead(entry.type().fingerprint());
    if (entry == null || type == null) {
      return null;
    }
    Decoded decoded =
        type.shareable() ? new Decoded(entry.value()) : tiers.codec().decode(type, entry.payload());
    return judged(decoded, entry.stamp(), Source.NEAR);
  }

  @Nullable Found findRemote(Typing typing, String key) {
    return received(typing, key, tiers.remote().get(redisKey(key)));
  }

  private @Nullable Found received(Typing typing, String key, byte @Nullable [] bytes) {
    Envelope envelope = bytes == null ? null : Envelope.read(bytes);
    ValueType type = envelope == null ? null : typing.toRead(envelope.fingerprint());
    if (envelope == null || type == null) {
      return null;
    }
    EntryMark mark = envelope.mark();
    long leftMillis = mark.expiresAtMillis() - tiers.clock().millis();
    Decoded decoded = tiers.codec().decode(type, envelope.payload());
    if (decoded == null || leftMillis <= 0 || !mark.tags().contains(Tags.hash(keyTag(key)))) {
      return null;
    }
    Stamp stamp = Stamp.remote(mark.asOf(), mark.tags());
    Found found = judged(decoded, stamp, Source.REMOTE);
    if (found != null) {
      Duration left = Duration.ofMillis(Math.min(leftMillis, policy.get().ttl().toMillis()));
      keepNear(type, key, new Payload(decoded.value(), envelope.payload()), stamp, left);
    }
    return found;
  }

  private @Nullable Found judged(@Nullable Decoded decoded, Stamp stamp, Source source) {
    if (decoded == null || tiers.transactions().touches(stamp.tags())) {
      return null;
    }
    long proven = tiers.rule().provenAt(stamp);
    return proven == ServingRule.NOT_PROVEN
        ? null
        : new Found(decoded.value(), stamp, proven, source);
  }

  /** Keeps what a load brought. */
  CompletableFuture<?> store(ValueType type, String key, Loaded loaded) {
    Payload payload = encoded(type, loaded.value());
    return payload == null
        ? CompletableFuture.completedFuture(null)
        : keep(type, key, payload, loaded.stamp(), loaded.costNanos());
  }

  /**
   * Puts a new value in place of an old one, which is condemned in any case.
   *
   * @param stamp the value's stamp, as of the origin of what made it; null if that is not known
   */
  void put(ValueType type, String key, @Nullable Object value, @Nullable Stamp stamp) {
    Payload payload = stamp == null ? null : encoded(type, value);
    Change.Put put =
        stamp == null || payload == null
            ? null
            : new Change.Put(
                Tags.hash(keyTag(key)),
                stamp,
                decided -> {
                  var unused = keep(type, key, payload, decided, 0);
                });
    tiers.transactions().change(new Change(Tags.of(keyTag(key)), put, () -> removeNow(key)));
  }

  void evict(String key) {
    tiers.transactions().change(evicted(key));
  }

  void evictNow(String key) {
    tiers.transactions().changeNow(evicted(key));
  }

  void clear() {
    tiers.transactions().change(new Change(Tags.of(cacheTag()), null, () -> {}));
  }

  void clearNow() {
    tiers.transactions().changeNow(new Change(Tags.of(cacheTag()), null, () -> {}));
  }

  /** Returns what gives other callers a value as it is now; null if it cannot be copied. */
  @Nullable Supplier<@Nullable Shared> copies(ValueType type, @Nullable Object value) {
    if (value == null || type.shareable()) {
      Shared itself = new Shared(value);
      return () -> itself;
    }
    Payload payload = encoded(type, value);
    return payload == null ? null : () -> copy(type, payload.bytes);
  }

  private @Nullable Shared copy(ValueType type, byte[] payload) {
    Decoded copy = tiers.codec().decode(type, payload);
    return copy == null ? null : new Shared(copy.value());
  }

  /** Says something of this cache once, as a warning. */
  void say(String about) {
    if (said.size() < MOST_SAID && said.add(about)) {
      log.warn("Cache '{}': {}", name, about);
    }
  }

  private Change evicted(String key) {
    return new Change(Tags.of(keyTag(key)), null, () -> removeNow(key));
  }

  private void removeNow(String key) {
    tiers.near().remove(redisKey(key));
    var unused = tiers.remote().remove(redisKey(key));
  }

  private CompletableFuture<?> keep(
      ValueType type, String key, Payload payload, Stamp stamp, long costNanos) {
    Duration ttl = policy.get().timeToLive(payload.bytes.length > 0);
    boolean foreign = stamp.asOf().epoch() == 0 || stamp.tags().size() > EntryMark.MOST_TAGS;
    if (ttl.isZero()) {
      return CompletableFuture.completedFuture(null);
    }
    keepNear(type, key, payload, stamp, ttl);
    if (foreign || !stamp.complete()) {
      return CompletableFuture.completedFuture(null);
    }
    int costMicros = (int) Math.min(TimeUnit.NANOSECONDS.toMicros(costNanos), Integer.MAX_VALUE);
    long expires = tiers.clock().millis() + ttl.toMillis();
    EntryMark mark = new EntryMark(stamp.asOf(), stamp.tags(), expires, costMicros);
    byte[] bytes = Envelope.of(type.fingerprint(), mark, payload.bytes).write();
    return tiers.remote().set(redisKey(key), bytes, ttl);
  }

  private void keepNear(ValueType type, String key, Payload payload, Stamp stamp, Duration ttl) {
    long expires = tiers.nanoClock().getAsLong() + ttl.toNanos();
    tiers
        .near()
        .put(redisKey(key), new NearEntry(type, payload.value, payload.bytes, stamp, expires));
  }

  private @Nullable Payload encoded(ValueType type, @Nullable Object value) {
    Encoded encoded = tiers.codec().encode(type, value);
    if (encoded instanceof Encoded.Bytes bytes) {
      return new Payload(value, bytes.bytes());
    }
    say("a " + type + " is not cached: " + ((Encoded.Refused) encoded).reason());
    return null;
  }

  private String cacheTag() {
    return "c:" + name;
  }

  private String keyTag(String key) {
    return "k:" + name + ":" + key;
  }

  /** A value and its encoded form. */
  private static final class Payload {

    final @Nullable Object value;
    final byte[] bytes;

    Payload(@Nullable Object value, byte[] bytes) {
      this.value = value;
      this.bytes = bytes;
    }
  }
}
