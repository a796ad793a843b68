package larder.cache.manager;

import java.time.Duration;
import java.util.function.Predicate;
import larder.cache.CachedCall.Source;
import larder.cache.log.Tags;
import larder.cache.log.node.ServingRule;
import larder.cache.manager.Look.Missing;
import larder.cache.near.NearEntry;
import larder.cache.near.NearEntry.Life;
import larder.cache.statistics.Miss;
import larder.cache.value.Decoded;
import larder.cache.value.ValueType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lookup of entries of one cache in this process: of those that live, and, where a load has
 * failed, of those that are over. Thread-safe.
 */
final class NearLookup {

  private static final Logger log = LoggerFactory.getLogger(NearLookup.class);

  private final CacheEntries entries;
  private final Tiers tiers;
  private final EntryJudge judge;
  private final RetryLater retryLater = new RetryLater();

  NearLookup(CacheEntries entries, Tiers tiers, EntryJudge judge) {
    this.entries = entries;
    this.tiers = tiers;
    this.judge = judge;
  }

  /**
   * Returns the value of a key, renewed if it is to be; or why there is none.
   *
   * @param touches whether the caller may see something else than a value with such tags
   */
  Look look(Typing typing, String key, Predicate<Tags> touches) {
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
    Look near = judged(typing, entry, touches);
    if (near instanceof Found && Lifetimes.isRenewable(entries.policy(), life, now)) {
      renew(key, entry, now);
    }
    return near;
  }

  /** Returns the value of a key that was kept since an instant; null if there is none. */
  @Nullable Found findSince(Typing typing, String key, long nanos) {
    NearEntry entry = tiers.near().get(entries.fullKey(key));
    boolean since = entry != null && entry.life().renewedNanos() - nanos >= 0;
    return entry == null || !since || Lifetimes.isOver(entry.life(), tiers.nanoClock().getAsLong())
        ? null
        : Look.found(judged(typing, entry, tiers.transactions()::touches));
  }

  private Look judged(Typing typing, NearEntry entry, Predicate<Tags> touches) {
    return judge.judged(
        decoded(typing, entry), entry.stamp(), Source.NEAR, entry.life().expiresNanos(), touches);
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
}
