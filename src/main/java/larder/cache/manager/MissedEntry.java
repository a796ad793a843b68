package larder.cache.manager;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import larder.cache.load.Loaded;
import larder.cache.load.Missed;
import larder.cache.log.Tags;
import larder.cache.manager.LarderCache.Puts;
import larder.cache.statistics.CacheStatistics;
import org.jspecify.annotations.Nullable;

/**
 * A lookup of one cache that found nothing.
 *
 * @param text the text of the key
 */
record MissedEntry(CacheEntries entries, Typing typing, String text, Puts puts) implements Missed {

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
  public CompletionStage<?> store(Loaded loaded) {
    return entries.writes().store(typing.toWrite(loaded.value()), text, loaded);
  }

  @Override
  public @Nullable Supplier<@Nullable Shared> copies(@Nullable Object value) {
    return entries.writes().copies(typing.toWrite(value), value);
  }

  @Override
  public @Nullable Loaded findRemote() {
    return loaded(entries.lookup().findRemote(typing, text));
  }

  @Override
  public @Nullable Loaded findSince(long nanos) {
    return loaded(entries.lookup().findNearSince(typing, text, nanos));
  }

  @Override
  public @Nullable Loaded staleAfter(Throwable failure) {
    return loaded(entries.lookup().staleAfter(typing, text, failure));
  }

  private static @Nullable Loaded loaded(@Nullable Found found) {
    return found == null
        ? null
        : new Loaded(found.value(), found.provenStamp(), 0, /* settled= */ true);
  }
}
