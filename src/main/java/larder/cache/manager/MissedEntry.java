package larder.cache.manager;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import larder.cache.load.KeyLocks;
import larder.cache.load.Loaded;
import larder.cache.load.Missed;
import larder.cache.load.Turn;
import larder.cache.log.Tags;
import larder.cache.manager.LarderCache.Puts;
import larder.cache.manager.Look.Unasked;
import larder.cache.statistics.CacheStatistics;
import org.jspecify.annotations.Nullable;

/**
 * A lookup of one cache that found nothing.
 *
 * @param text the text of the key
 * @param unasked what was found in this process, if Redis was not asked yet; else null
 */
record MissedEntry(
    CacheEntries entries, Typing typing, String text, Puts puts, @Nullable Unasked unasked)
    implements Missed {

  @Override
  public String key() {
    return entries.fullKey(text);
  }

  @Override
  public String flight() {
    return key() + "|" + typing.flight();
  }

  @Override
  public String cache() {
    return entries.name();
  }

  @Override
  public CacheStatistics statistics() {
    return entries.statistics();
  }

  @Override
  public Tags tags() {
    return entries.tags(text);
  }

  @Override
  public long lifeNanos(boolean found) {
    return entries.policy().shortestLife(found).toNanos();
  }

  @Override
  public boolean mayBeRefused() {
    return puts != Puts.LOADED;
  }

  @Override
  public CompletionStage<?> store(Loaded loaded, KeyLocks.@Nullable Lock lock) {
    return entries.writes().store(typing.toWrite(loaded.value()), text, loaded, lock);
  }

  @Override
  public @Nullable Supplier<@Nullable Shared> copies(@Nullable Object value) {
    return entries.writes().copies(typing.toWrite(value), value);
  }

  @Override
  public boolean isUnasked() {
    return unasked != null;
  }

  @Override
  public void notAsked() {
    if (unasked != null) {
      entries.lookup().count(text, unasked);
    }
  }

  @Override
  public Turn ask(KeyLocks locks) {
    if (unasked == null) {
      return claim(locks);
    }
    KeyLocks.Claim claim = claimed(locks);
    return turn(locks, claim, entries.lookup().asked(typing, text, unasked, claim));
  }

  @Override
  public Turn claim(KeyLocks locks) {
    if (!entries.canClaim(locks, text)) {
      return Missed.super.claim(locks);
    }
    KeyLocks.Claim claim = claimed(locks);
    return turn(locks, claim, entries.lookup().claimed(typing, text, claim));
  }

  private KeyLocks.Claim claimed(KeyLocks locks) {
    return locks.claim(entries.name(), key(), entries.lookup().oldest(text));
  }

  /** An entry that is there and may not be served leaves the lock to be taken. */
  private Turn turn(KeyLocks locks, KeyLocks.Claim claim, @Nullable Found found) {
    if (found != null) {
      return new Turn(loaded(found), claim.lock());
    }
    return new Turn(null, claim.entry() == null ? claim.lock() : locks.tryAcquire(key()));
  }

  @Override
  public @Nullable Loaded findRemote() {
    Found found = entries.lookup().findRemote(typing, text);
    return found == null ? null : loaded(found);
  }

  @Override
  public @Nullable Loaded findSince(long nanos) {
    Found found = entries.lookup().findNearSince(typing, text, nanos);
    return found == null ? null : loaded(found);
  }

  @Override
  public @Nullable Loaded staleAfter(Throwable failure) {
    Found stale = entries.lookup().staleAfter(typing, text, failure);
    return stale == null ? null : loaded(stale);
  }

  private static Loaded loaded(Found found) {
    return new Loaded(
        found.value(), found.provenStamp(), 0, /* settled= */ true, found.expiresNanos());
  }
}
