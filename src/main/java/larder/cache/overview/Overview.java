package larder.cache.overview;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;
import larder.cache.log.TagNames;
import larder.cache.manager.EntryReport;
import larder.cache.manager.LarderCacheManager;
import larder.cache.method.AnnotatedMethods;

/**
 * The caches of this process for people who look after them: what happens in each, what is under a
 * key, and the invalidations applied.
 *
 * <p>It shows no values. Only {@link #entries} asks Redis. Thread-safe.
 */
public final class Overview {

  private final LarderCacheManager caches;
  private final AnnotatedMethods methods;
  private final CacheSampler sampler;
  private final InvalidationFeed feed;
  private final TagWords words;

  /**
   * @param names the tags that were met lately
   * @param tables gives the names of the tables that are mapped
   */
  public Overview(
      LarderCacheManager caches,
      AnnotatedMethods methods,
      CacheSampler sampler,
      InvalidationFeed feed,
      TagNames names,
      Supplier<Collection<String>> tables) {
    this.caches = caches;
    this.methods = methods;
    this.sampler = sampler;
    this.feed = feed;
    this.words = new TagWords(names, this::names, tables);
  }

  /** Returns the names of all caches that were asked for or that annotations name, in order. */
  public Collection<String> names() {
    TreeSet<String> names = new TreeSet<>(caches.getCacheNames());
    names.addAll(methods.caches());
    return names;
  }

  /** Returns what happened to each cache of late, by name. */
  public List<CacheReport> caches() {
    return names().stream().map(this::cache).toList();
  }

  /** Returns what happened to a cache of late. */
  public CacheReport cache(String cache) {
    List<CacheStep> steps = sampler.steps(cache);
    return new CacheReport(cache, steps, CacheStep.together(steps), sampler.total(cache));
  }

  /**
   * Returns what each tier holds under a key, near first.
   *
   * @param key the text of the key, as its end in Redis
   */
  public List<EntryView> entries(String cache, String key) {
    TagWords.Known known = words.known();
    List<EntryView> views = new ArrayList<>();
    for (EntryReport entry : caches.getCache(cache).inspect(key)) {
      views.add(new EntryView(entry, words(entry, known)));
    }
    return views;
  }

  private static List<String> words(EntryReport entry, TagWords.Known known) {
    return entry.tags().stream()
        .map(tag -> known.words(Long.parseUnsignedLong(tag, 16)))
        .sorted()
        .toList();
  }

  /** Returns the last invalidations that this node has applied, the newest first. */
  public List<FeedLine> invalidations() {
    return feed.lines(words.known());
  }
}
