package larder.cache.manager;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import larder.cache.CachedCall.Source;
import larder.cache.load.Call;
import larder.cache.load.Loaded;
import larder.cache.load.Missed;
import larder.cache.load.Several;
import larder.cache.manager.LarderCache.Puts;
import org.jspecify.annotations.Nullable;

/**
 * The entries of several keys that one caller asks for: looked up together, and what is missing
 * loaded together. Used by one thread, for one call.
 *
 * @param <K> the keys
 */
final class SeveralEntries<K> implements Several {

  private final CacheEntries entries;
  private final Typing typing;
  private final BulkLoader<K> loader;
  private final Map<String, Object> answers = new HashMap<>();
  private final Map<Missed, K> missed = new HashMap<>();
  private final Map<Source, Integer> sources = new EnumMap<>(Source.class);

  SeveralEntries(CacheEntries entries, Typing typing, BulkLoader<K> loader) {
    this.entries = entries;
    this.typing = typing;
    this.loader = loader;
  }

  /**
   * Returns the values of keys in their order; without those that are not found.
   *
   * @param text gives the text of a key; null if it has none
   * @throws Throwable what the loader throws
   */
  Map<K, Object> get(
      Call call,
      Collection<? extends K> keys,
      Function<K, @Nullable String> text,
      larder.cache.load.Loads loads)
      throws Throwable {
    Map<K, String> texts = new LinkedHashMap<>();
    List<K> uncached = new ArrayList<>();
    for (K key : keys) {
      String found = text.apply(Objects.requireNonNull(key, "A key is null"));
      if (found == null) {
        uncached.add(key);
      } else {
        texts.put(key, found);
      }
    }
    List<MissedEntry> misses = lookUp(call, texts);
    if (!misses.isEmpty()) {
      loads.loadAll(call, misses, this).forEach((miss, loaded) -> answer(miss, loaded.value()));
    }
    if (!sources.isEmpty()) {
      call.answered(sources);
    }
    Map<?, ?> passedBy =
        uncached.isEmpty() ? Map.of() : loader.load(uncached.stream().distinct().toList()).values();
    return inOrder(
        keys, key -> texts.containsKey(key) ? answers.get(texts.get(key)) : passedBy.get(key));
  }

  /** Returns the lookups that found nothing: one for each text, whatever keys it is the text of. */
  private List<MissedEntry> lookUp(Call call, Map<K, String> texts) {
    Map<String, K> keys = new LinkedHashMap<>();
    texts.forEach((key, text) -> keys.putIfAbsent(text, key));
    Map<String, Found> found = entries.lookup().findAll(typing, keys.keySet());
    List<MissedEntry> misses = new ArrayList<>();
    keys.forEach(
        (text, key) -> {
          Found one = found.get(text);
          if (one == null) {
            MissedEntry miss = new MissedEntry(entries, typing, text, Puts.LOADED, null);
            missed.put(miss, key);
            misses.add(miss);
          } else {
            call.hit(one.source(), one.stamp(), one.provenNanos());
            call.answerEndsBy(one.expiresNanos());
            answer(text, one.value(), one.source());
          }
        });
    return misses;
  }

  private void answer(Missed miss, @Nullable Object value) {
    answer(((MissedEntry) miss).text(), value, Source.LOADED);
  }

  private void answer(String text, @Nullable Object value, Source source) {
    sources.merge(source, 1, Integer::sum);
    if (value != null) {
      answers.put(text, value);
    }
  }

  private static <K> Map<K, Object> inOrder(
      Collection<? extends K> keys, Function<K, @Nullable Object> answer) {
    Map<K, Object> ordered = new LinkedHashMap<>();
    for (K key : keys) {
      Object value = answer.apply(key);
      if (value != null) {
        ordered.put(key, value);
      }
    }
    return ordered;
  }

  @Override
  public Brought run(List<Missed> misses) throws Throwable {
    List<K> keys = misses.stream().map(this::keyOf).toList();
    BulkLoader.Loads<K> loaded = loader.load(keys);
    Map<Missed, Object> values = new HashMap<>();
    for (Missed miss : misses) {
      Object value = loaded.values().get(keyOf(miss));
      if (value != null) {
        values.put(miss, value);
      }
    }
    return new Brought(values, miss -> loaded.reads().apply(keyOf(miss)));
  }

  private K keyOf(Missed miss) {
    return Objects.requireNonNull(missed.get(miss));
  }

  @Override
  public boolean remembersNotFound() {
    return loader.remembersNotFound();
  }

  @Override
  public void store(Map<Missed, Loaded> loaded) {
    Map<String, Loaded> byText = new HashMap<>();
    loaded.forEach((miss, one) -> byText.put(((MissedEntry) miss).text(), one));
    entries.writes().storeAll(typing, byText);
  }
}
