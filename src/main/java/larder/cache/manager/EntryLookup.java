package larder.cache.manager;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import larder.cache.CachedCall.Source;
import larder.cache.load.KeyLocks.Claim;
import larder.cache.log.Position;
import larder.cache.log.Tags;
import larder.cache.log.node.ServingRule;
import larder.cache.log.node.Stamp;
import larder.cache.manager.Look.Missing;
import larder.cache.manager.Look.Unasked;
import larder.cache.near.NearEntry;
import larder.cache.near.NearEntry.Life;
import larder.cache.remote.EntryAddress;
import larder.cache.statistics.Miss;
import larder.cache.value.Decoded;
import larder.cache.value.EntryMark;
import larder.cache.value.Envelope;
import larder.cache.value.ValueType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lookup of entries of one cache, near and remote.
 *
 * <p>An entry is judged last of all, when it is about to be served.
 */
final class EntryLookup {

  private static final Logger log = LoggerFactory.getLogger(EntryLookup.class);

  private final CacheEntries entries;
  private final Tiers tiers;
  private final RetryLater retryLater = new RetryLater();

  EntryLookup(CacheEntries entries, Tiers tiers) {
    this.entries = entries;
    this.tiers = tiers;
  }

  /** Returns the value of a key, near or remote; null if there is none that may be served. */
  @Nullable Found find(Typing typing, String key) {
    return counted(key, look(typing, key));
  }

  /**
   * As {@link #find}, for a caller who is about to load what is not found: where Redis hardly has
   * an entry, it is left to be asked together with the lock of the load.
   */
  Look findToLoad(Typing typing, String key) {
    Predicate<Tags> touches = tiers.transactions()::touches;
    Look near = lookNear(typing, key, touches);
    if (near instanceof Missing missing && isToBeAskedLater(missing.reason(), key)) {
      return new Unasked(missing.reason());
    }
    Look look = remoteIfNotNear(near, typing, key, touches);
    var unused = counted(key, look);
    return look;
  }

  private boolean isToBeAskedLater(Miss near, String key) {
    return switch (near) {
          case REFRESH, TRANSACTION, SESSION -> false;
          default -> entries.remoteOdds().areLow(near);
        }
        && tiers.loads().canClaim(locks -> entries.canClaim(locks, key));
  }

  /** Counts a lookup for which Redis was not asked until now. */
  void count(String key, Unasked unasked) {
    if (unasked.isToBeCounted()) {
      var unused = counted(key, new Missing(unasked.reason()));
    }
  }

  /** Returns what was found at last for a lookup that had left Redis to be asked. */
  @Nullable Found asked(Typing typing, String key, Unasked unasked, Claim claim) {
    Look remote = look(typing, key, claim);
    entries.remoteOdds().note(unasked.reason(), remote);
    Look look = better(new Missing(unasked.reason()), remote);
    return unasked.isToBeCounted() ? counted(key, look) : found(look);
  }

  /** As {@link #findRemote}, of what was found together with the lock. */
  @Nullable Found claimed(Typing typing, String key, Claim claim) {
    return found(look(typing, key, claim));
  }

  private Look look(Typing typing, String key, Claim claim) {
    return switch (claim.state()) {
      case PRESENT, ABSENT, UNKNOWN ->
          received(typing, key, claim.entry(), tiers.transactions()::touches);
      case OLDER -> new Missing(Miss.INVALIDATED);
      case FORMER -> new Missing(Miss.FLOOR);
      case UNREADABLE -> new Missing(Miss.UNDECODABLE);
    };
  }

  /**
   * Returns the oldest position as of which an entry of a key is of any use, as far as that can be
   * told before it is seen: by the tags of the one that this process has, or else by those that all
   * of them carry.
   */
  Position oldest(String key) {
    NearEntry entry = tiers.near().get(entries.fullKey(key));
    return tiers
        .rule()
        .oldest(
            entry == null
                ? Tags.of(entries.cacheTag(), entries.keyTag(key))
                : entry.stamp().tags());
  }

  /** As {@link #find}, and not counted as a lookup. */
  @Nullable Found peek(Typing typing, String key) {
    return found(look(typing, key));
  }

  /**
   * Returns the values of several keys that may be served, by key: the near ones, and of the others
   * those that Redis has, which is asked once for all.
   */
  Map<String, Found> findAll(Typing typing, Collection<String> keys) {
    Predicate<Tags> touches = tiers.transactions().touching();
    Map<String, Look> looks = new LinkedHashMap<>();
    Map<String, EntryAddress> further = new LinkedHashMap<>();
    for (String key : keys) {
      Look near = lookNear(typing, key, touches);
      looks.put(key, near);
      if (mayBeRemote(near)) {
        further.put(key, entries.address(key));
      }
    }
    Map<EntryAddress, byte[]> remote =
        tiers.remote().getAll(entries.name(), List.copyOf(further.values()));
    further.forEach(
        (key, address) -> {
          Look received = received(typing, key, remote.get(address), touches);
          looks.computeIfPresent(key, (any, near) -> better(near, received));
        });
    Map<String, Found> found = new LinkedHashMap<>();
    looks.forEach(
        (key, look) -> {
          Found one = counted(key, look);
          if (one != null) {
            found.put(key, one);
          }
        });
    return found;
  }

  private @Nullable Found counted(String key, Look look) {
    if (look instanceof Found found) {
      found.countIn(entries.statistics());
      return found;
    }
    Miss reason = ((Missing) look).reason();
    boolean ended = reason == Miss.ABSENT && entries.isOver(key);
    entries.statistics().miss(ended ? Miss.EXPIRED : reason);
    return null;
  }

  private Look look(Typing typing, String key) {
    Predicate<Tags> touches = tiers.transactions()::touches;
    return remoteIfNotNear(lookNear(typing, key, touches), typing, key, touches);
  }

  private Look remoteIfNotNear(Look near, Typing typing, String key, Predicate<Tags> touches) {
    if (near instanceof Missing missing && mayBeRemote(near)) {
      Look remote = lookRemote(typing, key, touches);
      entries.remoteOdds().note(missing.reason(), remote);
      return better(near, remote);
    }
    return near;
  }

  /** Who is to load early asks nobody else. */
  private static boolean mayBeRemote(Look near) {
    return near instanceof Missing missing && missing.reason() != Miss.REFRESH;
  }

  /** If there is nothing in Redis either, the reason is what was wrong with the near one. */
  private static Look better(Look near, Look remote) {
    return remote instanceof Missing missing && missing.reason() == Miss.ABSENT ? near : remote;
  }

  private Look lookNear(Typing typing, String key, Predicate<Tags> touches) {
    NearEntry entry = tiers.near().get(entries.fullKey(key));
    if (entry == null) {
      return new Missing(Miss.ABSENT);
    }
    long now = tiers.nanoClock().getAsLong();
    Life life = entry.life();
    if (Lifetimes.isOver(life, now)) {
      boolean running = retryLater.isRunning(entries.fullKey(key), now);
      Found stale = running ? stale(typing, entry, touches) : null;
      return stale != null ? stale : new Missing(Miss.EXPIRED);
    } else if (Lifetimes.isDueEarly(
        entries.policy(), life.expiresNanos() - now, life.costNanos())) {
      return new Missing(Miss.REFRESH);
    }
    Look near =
        judged(decoded(typing, entry), entry.stamp(), Source.NEAR, life.expiresNanos(), touches);
    if (near instanceof Found && Lifetimes.isRenewable(entries.policy(), life, now)) {
      renew(key, entry, now);
    }
    return near;
  }

  /** Returns the value of a key that was kept near since an instant; null if there is none. */
  @Nullable Found findNearSince(Typing typing, String key, long nanos) {
    NearEntry entry = tiers.near().get(entries.fullKey(key));
    boolean since = entry != null && entry.life().renewedNanos() - nanos >= 0;
    return entry == null || !since || Lifetimes.isOver(entry.life(), tiers.nanoClock().getAsLong())
        ? null
        : found(
            judged(
                decoded(typing, entry),
                entry.stamp(),
                Source.NEAR,
                entry.life().expiresNanos(),
                tiers.transactions()::touches));
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
        : tiers.codec().decode(type.in(entry.type().encoding()), entry.payload());
  }

  private void renew(String key, NearEntry entry, long now) {
    Duration ttl = entries.policy().timeToLive(entry.payload().length > 0);
    Duration ends = Duration.ofNanos(entry.life().endsNanos() - now);
    Life life = Lifetimes.begin(entries.policy(), now, ttl, ends, entry.life().costNanos());
    tiers.near().put(entries.fullKey(key), entry.living(life));
    entries.noteEnd(key, life);
    tiers.remote().renew(entries.address(key), ttl.compareTo(ends) < 0 ? ttl : ends);
  }

  /** Returns the value of a key in Redis; null if there is none that may be served. */
  @Nullable Found findRemote(Typing typing, String key) {
    return found(lookRemote(typing, key, tiers.transactions()::touches));
  }

  private Look lookRemote(Typing typing, String key, Predicate<Tags> touches) {
    byte[] bytes = tiers.remote().get(entries.name(), entries.address(key));
    return received(typing, key, bytes, touches);
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
    Look look = judged(decoded, stamp, Source.REMOTE, expires, touches);
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

  /**
   * Returns an expired value to serve in place of a load that failed; null if there is none, or the
   * failure is none of the database's. For a short while further calls get it without a load.
   */
  @Nullable Found staleAfter(Typing typing, String key, Throwable failure) {
    NearEntry entry =
        entries.policy().renewal().staleOnError().isZero() || !DatabaseFailures.isOne(failure)
            ? null
            : tiers.near().get(entries.fullKey(key));
    Found stale = entry == null ? null : stale(typing, entry, tiers.transactions()::touches);
    if (stale != null) {
      retryLater.begin(entries.fullKey(key), tiers.nanoClock().getAsLong());
      log.warn("Cache '{}': a load failed, an expired value is served", entries.name(), failure);
    }
    return stale;
  }

  private @Nullable Found stale(Typing typing, NearEntry entry, Predicate<Tags> touches) {
    Decoded decoded = decoded(typing, entry);
    boolean known =
        decoded == null
            || touches.test(entry.stamp().tags())
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

  private Look judged(
      @Nullable Decoded decoded,
      Stamp stamp,
      Source source,
      long expiresNanos,
      Predicate<Tags> touches) {
    if (decoded == null) {
      return new Missing(Miss.UNDECODABLE);
    } else if (touches.test(stamp.tags())) {
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
}
