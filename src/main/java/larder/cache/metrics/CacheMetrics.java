package larder.cache.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import larder.cache.statistics.CacheStatistics;
import larder.cache.statistics.Miss;
import larder.cache.statistics.Statistics;

/**
 * The meters of each cache, also of those that are made later.
 *
 * <p>Names and the tags {@code cache} and {@code result} are those that Micrometer's binders of
 * caches use, so that ready-made dashboards find them.
 */
public final class CacheMetrics implements MeterBinder {

  private static final String GETS = "cache.gets";
  private static final String NONE = "none";

  private final Statistics statistics;

  public CacheMetrics(Statistics statistics) {
    this.statistics = statistics;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    statistics.follow((cache, counts) -> bind(cache, counts, registry));
  }

  private static void bind(String cache, CacheStatistics counts, MeterRegistry registry) {
    gets(cache, counts, registry);
    counter(
        "cache.puts",
        "Values kept: loaded, or put in place of another",
        cache,
        counts,
        CacheStatistics::stores,
        registry);
    Tags evicted = Tags.of("kind", "evict");
    counter(
        "cache.removals", "Evicts and clears", cache, evicted, counts, c -> c.evicts(), registry);
    Tags cleared = Tags.of("kind", "clear");
    counter(
        "cache.removals", "Evicts and clears", cache, cleared, counts, c -> c.clears(), registry);
    FunctionTimer.builder(
            "larder.loads",
            counts,
            CacheStatistics::loads,
            CacheStatistics::loadNanos,
            TimeUnit.NANOSECONDS)
        .description("Methods that have brought a value")
        .tag("cache", cache)
        .register(registry);
    counter(
        "larder.loads.failed",
        "Methods that have thrown",
        cache,
        counts,
        CacheStatistics::failedLoads,
        registry);
    counter(
        "larder.loads.joined",
        "Callers who have taken the value of another's load",
        cache,
        counts,
        CacheStatistics::joins,
        registry);
    counter(
        "larder.values.refused",
        "Values that are not kept, since they cannot be encoded or are too large",
        cache,
        counts,
        CacheStatistics::refusals,
        registry);
    counter(
        "larder.consistency.checks",
        "Hits that were compared with what their methods say",
        cache,
        counts,
        CacheStatistics::checks,
        registry);
    counter(
        "larder.consistency.mismatches",
        "Values that were served past the bound",
        cache,
        counts,
        CacheStatistics::mismatches,
        registry);
    near(cache, counts, registry);
    FunctionCounter.builder("larder.values.size", counts, CacheStatistics::storedBytes)
        .description("Encoded size of the values kept")
        .baseUnit("bytes")
        .tag("cache", cache)
        .register(registry);
  }

  private static void near(String cache, CacheStatistics counts, MeterRegistry registry) {
    Gauge.builder("larder.near.entries", counts, CacheStatistics::nearEntries)
        .description("Entries in this process")
        .tag("cache", cache)
        .register(registry);
    Gauge.builder("larder.near.size", counts, CacheStatistics::nearBytes)
        .description("Estimated size of the entries in this process")
        .baseUnit("bytes")
        .tag("cache", cache)
        .register(registry);
    counter(
        "larder.near.evictions",
        "Entries that this process has given up for room",
        cache,
        counts,
        CacheStatistics::nearEvictions,
        registry);
  }

  private static void gets(String cache, CacheStatistics counts, MeterRegistry registry) {
    String about = "Lookups";
    counter(GETS, about, cache, hit("near"), counts, CacheStatistics::nearHits, registry);
    counter(GETS, about, cache, hit("remote"), counts, CacheStatistics::remoteHits, registry);
    counter(GETS, about, cache, hit("stale"), counts, CacheStatistics::staleHits, registry);
    for (Miss reason : Miss.values()) {
      Tags miss = Tags.of("result", "miss", "tier", NONE, "reason", reason.word());
      counter(GETS, about, cache, miss, counts, c -> c.misses(reason), registry);
    }
  }

  private static Tags hit(String tier) {
    return Tags.of("result", "hit", "tier", tier, "reason", NONE);
  }

  private static void counter(
      String name,
      String about,
      String cache,
      CacheStatistics counts,
      ToDoubleFunction<CacheStatistics> count,
      MeterRegistry registry) {
    counter(name, about, cache, Tags.empty(), counts, count, registry);
  }

  private static void counter(
      String name,
      String about,
      String cache,
      Tags tags,
      CacheStatistics counts,
      ToDoubleFunction<CacheStatistics> count,
      MeterRegistry registry) {
    FunctionCounter.builder(name, counts, count)
        .description(about)
        .tag("cache", cache)
        .tags(tags)
        .register(registry);
  }
}
