package larder.cache.manager;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import larder.cache.CachedCall.Source;
import larder.cache.load.Loaded;
import larder.cache.load.Missed.Shared;
import larder.cache.log.Author.Cause;
import larder.cache.log.Tags;
import larder.cache.log.node.ServingRule;
import larder.cache.log.node.Stamp;
import larder.cache.manager.Look.Missing;
import larder.cache.near.NearEntry;
import larder.cache.near.NearEntry.Life;
import larder.cache.policy.Policy;
import larder.cache.statistics.CacheStatistics;
import larder.cache.statistics.Miss;
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
  private final Set<Object> said = ConcurrentHashMap.newKeySet();
  private final RetryLater retryLater = new RetryLater();
  private final CacheStatistics statistics;
  private final EntryEnds entryEnds = new EntryEnds();

  /**
   * @param prefix application and name of the cache, as its keys begin
   */
  CacheEntries(String name, String prefix, Supplier<Policy> policy, Tiers tiers) {
    this.name = name;
    this.prefix = prefix;
    this.policy = policy;
    this.tiers = tiers;
    this.statistics = tiers.statistics().of(name);
  }

  String name() {
    return name;
  }

  CacheStatistics statistics() {
    return statistics;
  }

  boolean isEnabled() {
    return policy.get().enabled();
  }

  /** Returns the tags that every value of a key carries. */
  Tags tags(String key) {
    tiers.names().note(keyTag(key));
    return Tags.of(cacheTag(), keyTag(key));
  }

  String redisKey(String key) {
    return prefix + ":v" + policy.get().version() + ":" + key;
  }

  /** Returns the value of a key, near or remote; null if there is none that may be served. */
  @Nullable Found find(Typing typing, String key) {
    Look look = look(typing, key);
    if (look instanceof Found found) {
      found.countIn(statistics);
      return found;
    }
    Miss reason = ((Missing) look).reason();
    boolean ended = reason == Miss.ABSENT && entryEnds.isOver(key, tiers.nanoClock().getAsLong());
    statistics.miss(ended ? Miss.EXPIRED : reason);
    return null;
  }

  /** As {@link #find}, and not counted as a lookup. */
  @Nullable Found peek(Typing typing, String key) {
    return found(look(typing, key));
  }

  /** Returns the policy that holds now. */
  Policy policy() {
    return policy.get();
  }

  private Look look(Typing typing, String key) {
    NearEntry entry = tiers.near().get(redisKey(key));
    if (entry == null) {
      return lookRemote(typing, key);
    }
    long now = tiers.nanoClock().getAsLong();
    Life life = entry.life();
    if (Lifetimes.isOver(life, now)) {
      Found stale = retryLater.isRunning(redisKey(key), now) ? stale(typing, entry) : null;
      return stale != null ? stale : lookRemoteAfter(Miss.EXPIRED, typing, key);
    } else if (Lifetimes.isDueEarly(policy.get(), life.expiresNanos() - now, life.costNanos())) {
      return new Missing(Miss.REFRESH);
    }
    Look near = judged(decoded(typing, entry), entry.stamp(), Source.NEAR, life.expiresNanos());
    if (near instanceof Missing missing) {
      return lookRemoteAfter(missing.reason(), typing, key);
    }
    if (Lifetimes.isRenewable(policy.get(), life, now)) {
      renew(key, entry, now);
    }
    return near;
  }

  /** Looks in Redis; if there is nothing either, the reason is what was wrong with the near one. */
  private Look lookRemoteAfter(Miss near, Typing typing, String key) {
    Look remote = lookRemote(typing, key);
    return remote instanceof Missing missing && missing.reason() == Miss.ABSENT
        ? new Missing(near)
        : remote;
  }

  /** Returns the value of a key that was kept near since an instant; null if there is none. */
  @Nullable Found findNearSince(Typing typing, String key, long nanos) {
    NearEntry entry = tiers.near().get(redisKey(key));
    boolean since = entry != null && entry.life().renewedNanos() - nanos >= 0;
    return entry == null || !since || Lifetimes.isOver(entry.life(), tiers.nanoClock().getAsLong())
        ? null
        : found(
            judged(
                decoded(typing, entry), entry.stamp(), Source.NEAR, entry.life().expiresNanos()));
  }

  private static @Nullable Found found(Look look) {
    return look instanceof Found found ? found : null;
  }

  private @Nullable Decoded decoded(Typing typing, NearEntry entry) {
    ValueType type = typing.toRead(entry.type().fingerprint());
    if (type == null) {
      return null;
    }
    return type.shareable()
        ? new Decoded(entry.value())
        : tiers.codec().decode(type, entry.payload());
  }

  private void renew(String key, NearEntry entry, long now) {
    Duration ttl = policy.get().timeToLive(entry.payload().length > 0);
    Duration ends = Duration.ofNanos(entry.life().endsNanos() - now);
    Life life = Lifetimes.begin(policy.get(), now, ttl, ends, entry.life().costNanos());
    tiers.near().put(redisKey(key), entry.living(life));
    entryEnds.note(key, life.expiresNanos());
    tiers.remote().renew(redisKey(key), ttl.compareTo(ends) < 0 ? ttl : ends);
  }

  /** Returns the value of a key in Redis; null if there is none that may be served. */
  @Nullable Found findRemote(Typing typing, String key) {
    return found(lookRemote(typing, key));
  }

  private Look lookRemote(Typing typing, String key) {
    byte[] bytes = tiers.remote().get(name, redisKey(key));
    if (bytes == null) {
      return new Missing(tiers.remote().isAvailable() ? Miss.ABSENT : Miss.UNAVAILABLE);
    }
    Envelope envelope = Envelope.read(bytes);
    if (envelope == null || !envelope.mark().tags().contains(Tags.hash(keyTag(key)))) {
      return new Missing(Miss.UNDECODABLE);
    }
    ValueType type = typing.toRead(envelope.fingerprint());
    return type == null ? new Missing(Miss.SCHEMA) : received(type, key, envelope);
  }

  private Look received(ValueType type, String key, Envelope envelope) {
    EntryMark mark = envelope.mark();
    Duration left = Lifetimes.left(mark.expiresAtMillis(), tiers.clock().millis(), policy.get());
    long cost = TimeUnit.MICROSECONDS.toNanos(mark.costMicros());
    if (left.isNegative() || left.isZero()) {
      return new Missing(Miss.EXPIRED);
    } else if (Lifetimes.isDueEarly(policy.get(), left.toNanos(), cost)) {
      return new Missing(Miss.REFRESH);
    }
    Decoded decoded = tiers.codec().decode(type, envelope.payload());
    Stamp stamp = Stamp.remote(mark.asOf(), mark.tags());
    long expires = tiers.nanoClock().getAsLong() + left.toNanos();
    Look look = judged(decoded, stamp, Source.REMOTE, expires);
    if (look instanceof Found found) {
      Payload payload = new Payload(found.value(), envelope.payload());
      Duration ttl = policy.get().timeToLive(!payload.isNotFound());
      keepNear(type, key, payload, stamp, life(ttl, left, cost));
      if (policy.get().renewal().slides()) {
        tiers.remote().renew(redisKey(key), ttl.compareTo(left) < 0 ? ttl : left);
      }
    }
    return look;
  }

  /**
   * Returns an expired value to serve in place of a load that failed; null if there is none, or the
   * failure is none of the database's. For a short while further calls get it without a load.
   */
  @Nullable Found staleAfter(Typing typing, String key, Throwable failure) {
    NearEntry entry =
        policy.get().renewal().staleOnError().isZero() || !DatabaseFailures.isOne(failure)
            ? null
            : tiers.near().get(redisKey(key));
    Found stale = entry == null ? null : stale(typing, entry);
    if (stale != null) {
      retryLater.begin(redisKey(key), tiers.nanoClock().getAsLong());
      log.warn("Cache '{}': a load failed, an expired value is served", name, failure);
    }
    return stale;
  }

  private @Nullable Found stale(Typing typing, NearEntry entry) {
    Decoded decoded = decoded(typing, entry);
    boolean known =
        decoded == null
            || tiers.transactions().touches(entry.stamp().tags())
            || tiers.rule().isKnownStale(entry.stamp());
    return known || decoded == null
        ? null
        : new Found(
            decoded.value(),
            entry.stamp(),
            ServingRule.NOT_PROVEN,
            Source.NEAR,
            entry.life().expiresNanos());
  }

  private Look judged(@Nullable Decoded decoded, Stamp stamp, Source source, long expiresNanos) {
    if (decoded == null) {
      return new Missing(Miss.UNDECODABLE);
    } else if (tiers.transactions().touches(stamp.tags())) {
      return new Missing(Miss.TRANSACTION);
    } else if (tiers.transactions().sessions().isBehind()) {
      return new Missing(Miss.SESSION);
    }
    long proven = tiers.rule().provenAt(stamp);
    return proven == ServingRule.NOT_PROVEN
        ? new Missing(reason(tiers.rule().doubt(stamp)))
        : new Found(decoded.value(), stamp, proven, source, expiresNanos);
  }

  static Miss reason(ServingRule.Doubt doubt) {
    return switch (doubt) {
      case FLOOR -> Miss.FLOOR;
      case CONDEMNED -> Miss.INVALIDATED;
      case UNPROVEN -> Miss.DEGRADED;
    };
  }

  /** Keeps what a load brought. */
  CompletableFuture<?> store(ValueType type, String key, Loaded loaded) {
    Payload payload = encoded(type, loaded.value());
    return payload == null
        ? CompletableFuture.completedFuture(null)
        : keep(type, key, payload, loaded.stamp(), loaded.costNanos(), left(loaded));
  }

  /** Returns how long what was loaded may live for the sake of what it was made of. */
  private Duration left(Loaded loaded) {
    return loaded.endsNanos() == Loaded.OPEN
        ? Policy.LONGEST
        : Duration.ofNanos(loaded.endsNanos() - tiers.nanoClock().getAsLong());
  }

  /**
   * Puts a new value in place of an old one, which is condemned in any case.
   *
   * @param stamp the value's stamp, as of the origin of what made it; null if that is not known
   */
  void put(ValueType type, String key, @Nullable Object value, @Nullable Stamp stamp) {
    Payload payload = stamp == null || !isEnabled() ? null : encoded(type, value);
    Change.Put put =
        stamp == null || payload == null
            ? null
            : new Change.Put(
                Tags.hash(keyTag(key)),
                stamp,
                decided -> {
                  var unused = keep(type, key, payload, decided, 0, Policy.LONGEST);
                });
    if (put == null) {
      statistics.evict();
    } else {
      statistics.put();
    }
    tiers.names().note(keyTag(key));
    tiers.transactions().change(new Change(Tags.of(keyTag(key)), put, () -> removeNow(key)));
  }

  void evict(String key) {
    statistics.evict();
    tiers.transactions().change(evicted(key));
  }

  void evictNow(String key) {
    tiers.transactions().changeNow(evicted(key));
  }

  void clear() {
    statistics.clear();
    tiers.transactions().change(new Change(Tags.of(cacheTag()), null, () -> {}, Cause.CLEAR));
  }

  void clearNow() {
    tiers.transactions().changeNow(new Change(Tags.of(cacheTag()), null, () -> {}, Cause.CLEAR));
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

  /** Says something of this cache once for each subject, as a warning. */
  void say(Object subject, String about) {
    if (said.size() < MOST_SAID && said.add(subject)) {
      log.warn("Cache '{}': {}", name, about);
    }
  }

  private Change evicted(String key) {
    tiers.names().note(keyTag(key));
    return new Change(Tags.of(keyTag(key)), null, () -> removeNow(key));
  }

  private void removeNow(String key) {
    tiers.near().remove(redisKey(key));
    var unused = tiers.remote().remove(redisKey(key));
  }

  private CompletableFuture<?> keep(
      ValueType type, String key, Payload payload, Stamp stamp, long costNanos, Duration longest) {
    Duration ttl = shorter(policy.get().timeToLive(!payload.isNotFound()), longest);
    boolean foreign = stamp.asOf().epoch() == 0 || stamp.tags().size() > EntryMark.MOST_TAGS;
    if (ttl.toMillis() <= 0) {
      return CompletableFuture.completedFuture(null);
    }
    statistics.stored(payload.bytes.length);
    Duration ends = shorter(Lifetimes.ends(policy.get(), ttl, !payload.isNotFound()), longest);
    keepNear(type, key, payload, stamp, life(ttl, ends, costNanos));
    if (foreign || !stamp.complete()) {
      return CompletableFuture.completedFuture(null);
    }
    int costMicros = (int) Math.min(TimeUnit.NANOSECONDS.toMicros(costNanos), Integer.MAX_VALUE);
    long expires = tiers.clock().millis() + ends.toMillis();
    EntryMark mark = new EntryMark(stamp.asOf(), stamp.tags(), expires, costMicros);
    byte[] bytes = Envelope.of(type.fingerprint(), mark, payload.bytes).write();
    return tiers.remote().set(redisKey(key), bytes, ttl);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private Life life(Duration ttl, Duration ends, long costNanos) {
    return Lifetimes.begin(policy.get(), tiers.nanoClock().getAsLong(), ttl, ends, costNanos);
  }

  private void keepNear(ValueType type, String key, Payload payload, Stamp stamp, Life life) {
    tiers
        .near()
        .put(
            redisKey(key),
            new NearEntry(type, payload.value, payload.bytes, stamp, life, statistics));
    if (!payload.isNotFound()) {
      entryEnds.note(key, life.expiresNanos());
    }
  }

  private @Nullable Payload encoded(ValueType type, @Nullable Object value) {
    Encoded encoded = tiers.codec().encode(type, value);
    if (encoded instanceof Encoded.Bytes bytes) {
      return new Payload(value, bytes.bytes());
    }
    Encoded.Refused refused = (Encoded.Refused) encoded;
    statistics.refused(refused.tooLarge());
    say(type, "a " + type + " is not cached: " + refused.reason());
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

    boolean isNotFound() {
      return bytes.length == 0 || (value instanceof Optional<?> optional && optional.isEmpty());
    }

    final @Nullable Object value;
    final byte[] bytes;

    Payload(@Nullable Object value, byte[] bytes) {
      this.value = value;
      this.bytes = bytes;
    }
  }
}
