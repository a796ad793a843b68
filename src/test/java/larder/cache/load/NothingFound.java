package larder.cache.load;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import larder.cache.log.Tags;
import larder.cache.statistics.CacheStatistics;
import org.jspecify.annotations.Nullable;

/** A lookup that found nothing in a cache that keeps a list of what is stored. */
public class NothingFound implements Missed {

  private final String key;
  private final Tags tags;
  final List<Loaded> stored = Collections.synchronizedList(new ArrayList<>());

  /** A lookup of a key whose values carry these tags. */
  public NothingFound(String key, String... tags) {
    this.key = key;
    this.tags = Tags.of(tags);
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public String cache() {
    return "cache";
  }

  @Override
  public CacheStatistics statistics() {
    return new CacheStatistics();
  }

  @Override
  public Tags tags() {
    return tags;
  }

  @Override
  public boolean mayBeRefused() {
    return false;
  }

  @Override
  public CompletionStage<?> store(Loaded loaded, KeyLocks.@Nullable Lock lock) {
    stored.add(loaded);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public String flight() {
    return key;
  }

  @Override
  public @Nullable Supplier<@Nullable Shared> copies(@Nullable Object value) {
    return () -> new Shared(value);
  }

  @Override
  public @Nullable Loaded findRemote() {
    return null;
  }

  @Override
  public @Nullable Loaded findSince(long nanos) {
    return null;
  }

  @Override
  public @Nullable Loaded staleAfter(Throwable failure) {
    return null;
  }
}
