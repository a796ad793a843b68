package larder.cache.manager;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import larder.cache.CachedCall.Source;
import larder.cache.load.KeyLocks.Claim;
import larder.cache.log.Tags;
import larder.cache.log.node.Stamp;
import larder.cache.manager.Look.Missing;
import larder.cache.remote.EntryAddress;
import larder.cache.statistics.Miss;
import larder.cache.value.Decoded;
import larder.cache.value.EntryMark;
import larder.cache.value.Envelope;
import larder.cache.value.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * The lookup of entries of one cache in Redis. What is found is kept in this process. Thread-safe.
 */
final class RemoteLookup {

  private final CacheEntries entries;
  private final Tiers tiers;
  private final EntryJudge judge;

  RemoteLookup(CacheEntries entries, Tiers tiers, EntryJudge judge) {
    this.entries = entries;
    this.tiers = tiers;
    this.judge = judge;
  }

  /**
   * Returns the value of a key, or why there is none.
   *
   * @param touches whether the caller may see something else than a value with such tags
   */
  Look look(Typing typing, String key, Predicate<Tags> touches) {
    byte[] bytes = tiers.remote().get(entries.name(), entries.address(key));
    return received(typing, key, bytes, touches);
  }

  /** As {@link #look}, of several keys, for which Redis is asked once. */
  Map<String, Look> lookAll(Typing typing, List<String> keys, Predicate<Tags> touches) {
    Map<String, EntryAddress> addresses = new LinkedHashMap<>();
    keys.forEach(key -> addresses.put(key, entries.address(key)));
    Map<EntryAddress, byte[]> bytes =
        tiers.remote().getAll(entries.name(), List.copyOf(addresses.values()));
    Map<String, Look> looks = new LinkedHashMap<>();
    addresses.forEach(
        (key, address) -> looks.put(key, received(typing, key, bytes.get(address), touches)));
    return looks;
  }

  /** Returns what was found together with the lock of a key. */
  Look claimed(Typing typing, String key, Claim claim) {
    return switch (claim.state()) {
      case PRESENT, ABSENT, UNKNOWN ->
          received(typing, key, claim.entry(), tiers.transactions()::touches);
      case OLDER -> new Missing(Miss.INVALIDATED);
      case FORMER -> new Missing(Miss.FLOOR);
      case UNREADABLE -> new Missing(Miss.UNDECODABLE);
    };
  }

  private Look received(
      Typing typing, String key, byte @Nullable [] bytes, Predicate<Tags> touches) {
    if (bytes == null) {
      return new Missing(tiers.remote().isAvailable() ? Miss.ABSENT : Miss.UNAVAILABLE);
    }
    Envelope envelope = Envelope.read(bytes, entries.impliedTags(key), tiers.codec().maxBytes());
    if (envelope == null) {
      return new Missing(Miss.UNDECODABLE);
    }
    ValueType type = typing.toRead(envelope.fingerprint());
    return type == null
        ? new Missing(Miss.SCHEMA)
        : received(type.in(envelope.encoding()), key, envelope, touches);
  }

  private Look received(ValueType type, String key, Envelope envelope, Predicate<Tags> touches) {
    EntryMark mark = envelope.mark();
    Duration left =
        Lifetimes.left(mark.expiresAtMillis(), tiers.clock().millis(), entries.policy());
    long cost = TimeUnit.MICROSECONDS.toNanos(mark.costMicros());
    if (left.isNegative() || left.isZero()) {
      return new Missing(Miss.EXPIRED);
    } else if (Lifetimes.isDueEarly(entries.policy(), left.toNanos(), cost)) {
      return new Missing(Miss.REFRESH);
    }
    Decoded decoded = tiers.codec().decode(type, envelope.payload());
    Stamp stamp = Stamp.remote(mark.asOf(), mark.tags());
    long expires = tiers.nanoClock().getAsLong() + left.toNanos();
    Look look = judge.judged(decoded, stamp, Source.REMOTE, expires, touches);
    if (look instanceof Found found) {
      Payload payload = new Payload(found.value(), envelope.payload());
      Duration ttl = entries.policy().timeToLive(!payload.isNotFound());
      entries.keepNear(type, key, payload, stamp, entries.life(ttl, left, cost));
      if (entries.policy().renewal().slides()) {
        tiers.remote().renew(entries.address(key), ttl.compareTo(left) < 0 ? ttl : left);
      }
    }
    return look;
  }
}
