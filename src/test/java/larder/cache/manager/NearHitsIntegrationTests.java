package larder.cache.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import larder.cache.statistics.CacheStatistics;
import larder.cache.statistics.Miss;
import larder.cache.value.FieldMapper;
import larder.cache.value.ValueType;
import larder.cache.value.ValueTypes;
import larder.dev.servers.TestServers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The shortest way to an entry finds what a lookup finds, or leaves it to that. */
class NearHitsIntegrationTests {

  private static final Layer LAYER =
      new Layer(
              TestServers.redis().url(),
              "near-hits",
              Map.of(
                  "larder.defaults.early-refresh", "0",
                  "larder.caches.brief.ttl", "50ms",
                  "larder.caches.brief.max-life", "50ms",
                  "larder.caches.brief.jitter", "0",
                  "larder.caches.brief.stale-on-error", "1h",
                  "larder.caches.dear.ttl", "1s",
                  "larder.caches.dear.early-refresh", "1",
                  "larder.caches.off.enabled", "false"))
          .awaitCurrent();

  @AfterAll
  static void close() {
    LAYER.close();
  }

  @BeforeEach
  void startEmpty() {
    LAYER.manager.resetCaches();
  }

  private static LarderCache cache(String name) {
    return LAYER.manager.getCache(name);
  }

  private static CacheStatistics counts(String cache) {
    return LAYER.statistics.of(cache);
  }

  private static long missed() {
    return Stream.of(Miss.values()).mapToLong(counts("plain")::misses).sum();
  }

  @Test
  void findsWhatIsThereAndCountsIt() {
    cache("plain").get(42L, () -> "v");
    long before = counts("plain").nearHits();
    assertThat(cache("plain").nearHit(42L)).isEqualTo("v");
    assertThat(cache("plain").nearHit(42)).isEqualTo("v");
    assertThat(counts("plain").nearHits()).isEqualTo(before + 2);
  }

  @Test
  void aValueThatIsNothingIsFound() {
    ValueType text = new ValueTypes(FieldMapper.create().getTypeFactory()).of(String.class);
    LarderCache cache = cache("plain").forMethod(text, LarderCache.Puts.LOADED);
    cache.<@Nullable String>get("nothing", () -> null);
    assertThat(cache.nearHit("nothing")).isNull();
  }

  @Test
  void whatIsNotThereIsNotCounted() {
    long before = missed();
    assertThat(cache("plain").nearHit("nobody")).isSameAs(NearHits.NONE);
    assertThat(cache("plain").nearHit(new Object())).isSameAs(NearHits.NONE);
    assertThat(missed()).isEqualTo(before);
  }

  @Test
  void whatWasEvictedIsNotFound() {
    LarderCache cache = cache("plain");
    cache.get("gone", () -> "v");
    assertThat(cache.nearHit("gone")).isEqualTo("v");
    cache.evict("gone");
    assertThat(cache.nearHit("gone")).isSameAs(NearHits.NONE);
    cache.get("gone", () -> "w");
    cache.clear();
    assertThat(cache.nearHit("gone")).isSameAs(NearHits.NONE);
  }

  /** An expired one is kept, for when its load fails. */
  @Test
  void whatIsOverIsLeftToTheLookup() {
    LarderCache cache = cache("brief");
    cache.get("k", () -> "v");
    await().until(() -> cache.nearHit("k") == NearHits.NONE);
    assertThat(LAYER.near.size()).isPositive();
    assertThat(cache.get("k")).isNull();
  }

  /** Whether a hit loads early is drawn once, by the lookup. */
  @Test
  void whatMayBeLoadedEarlyIsLeftToTheLookup() {
    LarderCache cache = cache("dear");
    cache.get(
        "k",
        () -> {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(60));
          return "v";
        });
    assertThat(cache.nearHit("k")).isSameAs(NearHits.NONE);
    cache.get("cheap", () -> "v");
    assertThat(cache.nearHit("cheap")).isEqualTo("v");
  }

  @Test
  void aCacheThatIsOffHasNothing() {
    cache("off").get("k", () -> "v");
    assertThat(cache("off").nearHit("k")).isSameAs(NearHits.NONE);
  }

  /** Keys that can change are not remembered by what they once were. */
  @Test
  void aKeyThatChangesIsAnotherKey() {
    LarderCache cache = cache("plain");
    List<String> key = new ArrayList<>(List.of("a"));
    cache.get(key, () -> "v");
    assertThat(cache.nearHit(key)).isEqualTo("v");
    key.set(0, "b");
    assertThat(cache.nearHit(key)).isSameAs(NearHits.NONE);
    cache.get(key, () -> "w");
    assertThat(cache.nearHit(key)).isEqualTo("w");
    assertThat(cache.nearHit(List.of("a"))).isEqualTo("v");
  }
}
