package larder.cache.near;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The entries of all caches that this process holds, by their Redis key, bounded by their weight.
 *
 * <p>It keeps what it is given until the entry expires or room is needed; whether an entry may be
 * served is judged by others, each time. Thread-safe.
 */
public final class NearCache {

  private final boolean keeps;
  private final Cache<String, NearEntry> entries;

  /**
   * @param maxBytes most weight, in bytes as estimated; 0 keeps nothing
   * @param nanoClock the monotonic clock of {@link NearEntry}
   */
  public NearCache(long maxBytes, LongSupplier nanoClock) {
    this.keeps = maxBytes > 0;
    this.entries =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((String key, NearEntry entry) -> weight(key, entry))
            .expireAfter(
                Expiry.<String, NearEntry>writing(
                    (key, entry) ->
                        Duration.ofNanos(
                            Math.max(0, entry.life().keptNanos() - nanoClock.getAsLong()))))
            .removalListener(NearCache::removed)
            .ticker(nanoClock::getAsLong)
            .executor(Runnable::run)
            .build();
  }

  private static int weight(String key, NearEntry entry) {
    return entry.weight() + 2 * key.length();
  }

  private static void removed(@Nullable String key, @Nullable NearEntry entry, RemovalCause cause) {
    if (key != null && entry != null) {
      entry.statistics().nearGone(weight(key, entry), cause == RemovalCause.SIZE);
    }
  }

  /** Returns the entry under a key; null if there is none. */
  public @Nullable NearEntry get(String key) {
    return entries.getIfPresent(key);
  }

  /** Keeps an entry in place of the one before it. */
  public void put(String key, NearEntry entry) {
    if (!keeps) {
      return;
    }
    entry.statistics().nearKept(weight(key, entry));
    entries.put(key, entry);
  }

  /** Forgets an entry. */
  public void remove(String key) {
    entries.invalidate(key);
  }

  /** Forgets all entries. */
  public void clear() {
    entries.invalidateAll();
  }

  /** Shows all entries, in no order, while others come and go. */
  public void forEach(BiConsumer<String, NearEntry> viewer) {
    entries.asMap().forEach(viewer);
  }

  /**
   * Returns the entries that were read most often of late, the hottest first, among those whose key
   * begins with a text. Takes time with the number of entries; reads do not wait for it.
   *
   * @param most how many at most
   */
  public Map<String, NearEntry> hottest(String prefix, int most) {
    return entries
        .policy()
        .eviction()
        .orElseThrow()
        .hottest(
            all ->
                all.filter(entry -> entry.getKey().startsWith(prefix))
                    .limit(most)
                    .collect(
                        Collectors.toMap(
                            Map.Entry::getKey,
                            Map.Entry::getValue,
                            (first, second) -> first,
                            LinkedHashMap::new)));
  }

  /** Returns the weight of all entries, in bytes as estimated. */
  public long weight() {
    return entries.policy().eviction().orElseThrow().weightedSize().orElse(0);
  }

  /** Returns about how many entries there are. */
  public long size() {
    return entries.estimatedSize();
  }
}
