package larder.cache.manager;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import larder.cache.load.KeyLocks;
import larder.cache.load.Loaded;
import larder.cache.load.Missed.Shared;
import larder.cache.log.Author.Cause;
import larder.cache.log.Tags;
import larder.cache.log.node.Stamp;
import larder.cache.policy.Policy;
import larder.cache.remote.RemoteStore.Write;
import larder.cache.transaction.Change;
import larder.cache.value.Decoded;
import larder.cache.value.Encoded;
import larder.cache.value.EntryMark;
import larder.cache.value.Envelope;
import larder.cache.value.ValueType;
import org.jspecify.annotations.Nullable;

/** What stores entries of one cache, and what ends them. */
final class EntryWrites {

  /** Of so many keys a record names each. */
  private static final int MOST_NAMED = 10_000;

  private final CacheEntries entries;
  private final Tiers tiers;

  EntryWrites(CacheEntries entries, Tiers tiers) {
    this.entries = entries;
    this.tiers = tiers;
  }

  /**
   * Keeps what a load brought.
   *
   * @param lock under which it was loaded, which may end with that; null if there is none
   */
  CompletableFuture<?> store(
      ValueType type, String key, Loaded loaded, KeyLocks.@Nullable Lock lock) {
    Write write = kept(type, key, loaded);
    return write == null
        ? CompletableFuture.completedFuture(null)
        : tiers.remote().set(write, lock);
  }

  /** Keeps what a load brought for several keys, in Redis in one step. */
  void storeAll(Typing typing, Map<String, Loaded> loaded) {
    List<Write> writes = new ArrayList<>();
    loaded.forEach(
        (key, one) -> {
          Write write = kept(typing.toWrite(one.value()), key, one);
          if (write != null) {
            writes.add(write);
          }
        });
    tiers.remote().setAll(writes);
  }

  /** Returns a type in the encoding in which this cache writes. */
  private ValueType written(ValueType declared) {
    return declared.in(entries.policy().storing().encoding());
  }

  private @Nullable Write kept(ValueType declared, String key, Loaded loaded) {
    ValueType type = written(declared);
    Payload payload = encoded(type, loaded.value());
    return payload == null
        ? null
        : kept(type, key, payload, loaded.stamp(), loaded.costNanos(), left(loaded));
  }

  /** Returns how long what was loaded may live for the sake of what it was made of. */
  private Duration left(Loaded loaded) {
    return loaded.endsNanos() == Loaded.OPEN
        ? Policy.LONGEST
        : Duration.ofNanos(loaded.endsNanos() - tiers.nanoClock().getAsLong());
  }

  private CompletableFuture<?> sent(@Nullable Write write) {
    return write == null ? CompletableFuture.completedFuture(null) : tiers.remote().set(write);
  }

  /**
   * Puts a new value in place of an old one, which is condemned in any case.
   *
   * @param stamp the value's stamp, as of the origin of what made it; null if that is not known
   */
  void put(ValueType declared, String key, @Nullable Object value, @Nullable Stamp stamp) {
    ValueType type = written(declared);
    Payload payload = stamp == null || !entries.isEnabled() ? null : encoded(type, value);
    Change.Put put =
        stamp == null || payload == null
            ? null
            : new Change.Put(
                Tags.hash(entries.keyTag(key)),
                stamp,
                decided -> {
                  var unused = sent(kept(type, key, payload, decided, 0, Policy.LONGEST));
                });
    if (put == null) {
      entries.statistics().evict();
    } else {
      entries.statistics().put();
    }
    entries.noteName(key);
    tiers
        .transactions()
        .change(new Change(Tags.of(entries.keyTag(key)), put, () -> removeNow(key)));
  }

  void evict(String key) {
    entries.statistics().evict();
    tiers.transactions().change(evicted(key));
  }

  /** Evicts several keys by one record; of very many, it names the cache instead. */
  void evictAll(Collection<String> keys) {
    if (keys.isEmpty()) {
      return;
    } else if (keys.size() > MOST_NAMED) {
      clear();
      return;
    }
    Tags.Builder named = new Tags.Builder();
    for (String key : keys) {
      entries.statistics().evict();
      entries.noteName(key);
      named.add(entries.keyTag(key));
    }
    List<String> evicted = List.copyOf(keys);
    tiers.transactions().change(new Change(named.build(), null, () -> removeNow(evicted)));
  }

  private void removeNow(List<String> keys) {
    keys.forEach(key -> tiers.near().remove(entries.fullKey(key)));
    tiers.remote().removeAll(keys.stream().map(entries::address).toList());
  }

  void evictNow(String key) {
    tiers.transactions().changeNow(evicted(key));
  }

  void clear() {
    entries.statistics().clear();
    tiers
        .transactions()
        .change(new Change(Tags.of(entries.cacheTag()), null, () -> {}, Cause.CLEAR));
  }

  void clearNow() {
    tiers
        .transactions()
        .changeNow(new Change(Tags.of(entries.cacheTag()), null, () -> {}, Cause.CLEAR));
  }

  /** Returns what gives other callers a value as it is now; null if it cannot be copied. */
  @Nullable Supplier<@Nullable Shared> copies(ValueType declared, @Nullable Object value) {
    if (value == null || declared.shareable()) {
      Shared itself = new Shared(value);
      return () -> itself;
    }
    ValueType type = written(declared);
    Payload payload = encoded(type, value);
    return payload == null ? null : () -> copy(type, payload.bytes);
  }

  private @Nullable Shared copy(ValueType type, byte[] payload) {
    Decoded copy = tiers.codec().decode(type, payload);
    return copy == null ? null : new Shared(copy.value());
  }

  private Change evicted(String key) {
    entries.noteName(key);
    return new Change(Tags.of(entries.keyTag(key)), null, () -> removeNow(key));
  }

  private void removeNow(String key) {
    tiers.near().remove(entries.fullKey(key));
    var unused = tiers.remote().remove(entries.address(key));
  }

  /** Keeps a value near, and returns what is to be kept in Redis; null if it is not. */
  private @Nullable Write kept(
      ValueType type, String key, Payload payload, Stamp stamp, long costNanos, Duration longest) {
    Duration ttl = shorter(entries.policy().timeToLive(!payload.isNotFound()), longest);
    boolean foreign = stamp.asOf().epoch() == 0 || stamp.tags().size() > EntryMark.MOST_TAGS;
    if (ttl.toMillis() <= 0) {
      return null;
    }
    entries.statistics().stored(payload.bytes.length);
    Duration ends = shorter(Lifetimes.ends(entries.policy(), ttl, !payload.isNotFound()), longest);
    entries.keepNear(type, key, payload, stamp, entries.life(ttl, ends, costNanos));
    if (foreign || !stamp.complete()) {
      return null;
    }
    int costMicros = (int) Math.min(TimeUnit.NANOSECONDS.toMicros(costNanos), Integer.MAX_VALUE);
    long expires = tiers.clock().millis() + ends.toMillis();
    EntryMark mark = new EntryMark(stamp.asOf(), stamp.tags(), expires, costMicros);
    byte[] bytes =
        Envelope.of(type, mark, payload.bytes)
            .write(entries.impliedTags(key), entries.policy().storing().compressAbove());
    return new Write(entries.address(key), bytes, ttl);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private @Nullable Payload encoded(ValueType type, @Nullable Object value) {
    Encoded encoded = tiers.codec().encode(type, value);
    if (encoded instanceof Encoded.Bytes bytes) {
      return new Payload(value, bytes.bytes());
    }
    Encoded.Refused refused = (Encoded.Refused) encoded;
    entries.statistics().refused(refused.tooLarge());
    entries.say(type, "a " + type + " is not cached: " + refused.reason());
    return null;
  }
}
