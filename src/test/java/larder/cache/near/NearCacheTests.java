package larder.cache.near;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import larder.cache.log.Position;
import larder.cache.log.Tags;
import larder.cache.log.node.Stamp;
import larder.cache.near.NearEntry.Life;
import larder.cache.statistics.CacheStatistics;
import larder.cache.value.FieldMapper;
import larder.cache.value.ValueType;
import larder.cache.value.ValueTypes;
import org.junit.jupiter.api.Test;
import org.springframework.core.ParameterizedTypeReference;

class NearCacheTests {

  private static final ValueTypes TYPES = new ValueTypes(FieldMapper.create().getTypeFactory());
  private static final ValueType TEXT = TYPES.of(String.class);
  private static final ValueType LIST =
      TYPES.of(new ParameterizedTypeReference<List<String>>() {}.getType());

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
  private final CacheStatistics counts = new CacheStatistics();
  private final NearCache cache = new NearCache(1_000_000, nanos::get);

  @Test
  void keepsWhatItIsGivenInPlaceOfTheOneBefore() {
    assertThat(cache.get("k")).isNull();
    NearEntry first = entry(10, Duration.ofHours(1));
    NearEntry second = entry(10, Duration.ofHours(1));
    cache.put("k", first);
    cache.put("k", second);

    assertThat(cache.get("k")).isSameAs(second);
    assertThat(cache.get("l")).isNull();
  }

  @Test
  void forgetsOneAndAll() {
    cache.put("k", entry(10, Duration.ofHours(1)));
    cache.put("l", entry(10, Duration.ofHours(1)));
    cache.remove("k");
    assertThat(cache.get("k")).isNull();
    assertThat(cache.get("l")).isNotNull();

    cache.clear();
    assertThat(cache.get("l")).isNull();
  }

  /** The monotonic clock has no zero, and may pass from the largest number to the smallest. */
  @Test
  void anEntryExpiresAtItsOwnTimeAlsoAcrossTheEndOfNumbers() {
    cache.put("short", entry(10, Duration.ofSeconds(5)));
    cache.put("long", entry(10, Duration.ofSeconds(50)));
    nanos.addAndGet(Duration.ofMillis(4_999).toNanos());
    assertThat(cache.get("short")).isNotNull();

    nanos.addAndGet(Duration.ofMillis(2).toNanos());
    assertThat(cache.get("short")).isNull();
    assertThat(cache.get("long")).isNotNull();
  }

  @Test
  void countsWhatItHoldsForEachCache() {
    NearEntry first = entry(10, Duration.ofHours(1));
    cache.put("k", first);
    cache.put("k", entry(20, Duration.ofHours(1)));
    cache.put("l", entry(20, Duration.ofHours(1)));
    assertThat(counts.nearEntries()).isEqualTo(2);
    assertThat(counts.nearBytes()).isEqualTo(cache.weight());

    cache.remove("k");
    cache.remove("nobody");
    assertThat(counts.nearEntries()).isEqualTo(1);
    cache.clear();
    assertThat(counts.nearEntries()).isZero();
    assertThat(counts.nearBytes()).isZero();
    assertThat(counts.nearEvictions()).isZero();
  }

  @Test
  void countsWhatItGivesUpForRoom() {
    for (int i = 0; i < 1_000; i++) {
      cache.put("k" + i, entry(10_000, Duration.ofHours(1)));
    }
    assertThat(counts.nearEvictions()).isEqualTo(1_000 - cache.size());
    assertThat(counts.nearEntries()).isEqualTo(cache.size());
    assertThat(counts.nearBytes()).isEqualTo(cache.weight());
  }

  @Test
  void aSecondEntryOfAKeyHasATimeOfItsOwn() {
    cache.put("k", entry(10, Duration.ofSeconds(5)));
    cache.put("k", entry(10, Duration.ofSeconds(50)));
    nanos.addAndGet(Duration.ofSeconds(10).toNanos());
    assertThat(cache.get("k")).isNotNull();

    cache.put("k", entry(10, Duration.ofSeconds(5)));
    nanos.addAndGet(Duration.ofSeconds(10).toNanos());
    assertThat(cache.get("k")).isNull();
  }

  @Test
  void anEntryThatHasExpiredIsNotKept() {
    cache.put("k", entry(10, Duration.ofSeconds(-1)));

    assertThat(cache.get("k")).isNull();
  }

  @Test
  void takesNoMoreThanItsWeight() {
    for (int i = 0; i < 1_000; i++) {
      cache.put("k" + i, entry(10_000, Duration.ofHours(1)));
    }
    long kept = 0;
    for (int i = 0; i < 1_000; i++) {
      kept += cache.get("k" + i) == null ? 0 : 1;
    }
    assertThat(kept).isBetween(20L, 34L);
  }

  @Test
  void anEntryHeavierThanAllIsNotKept() {
    cache.put("k", entry(2_000_000, Duration.ofHours(1)));

    assertThat(cache.get("k")).isNull();
  }

  @Test
  void aWeightOfZeroKeepsNothing() {
    NearCache none = new NearCache(0, nanos::get);
    none.put("k", entry(1, Duration.ofHours(1)));

    assertThat(none.get("k")).isNull();
  }

  @Test
  void anEntryHoldsTheValueItselfOnlyIfNobodyCanChangeIt() {
    List<String> list = new ArrayList<>(List.of("a"));
    assertThat(entry(TEXT, "a", 1).value()).isEqualTo("a");
    assertThat(entry(LIST, list, 1).value()).isNull();
  }

  @Test
  void tagsAndKeysWeigh() {
    NearEntry light = entry(TEXT, "a", 1, "t:1");
    NearEntry heavy = entry(TEXT, "a", 1, "t:1", "t:2", "t:3");
    assertThat(heavy.weight() - light.weight()).isEqualTo(2 * Long.BYTES);

    NearCache tight = new NearCache(light.weight() + 10L, nanos::get);
    tight.put("k", light);
    assertThat(tight.get("k")).isNotNull();
    tight.put("a key of more than five characters", light);
    assertThat(tight.get("a key of more than five characters")).isNull();
  }

  @Test
  void showsTheHottestOfAPrefixFirst() {
    for (String key : List.of("a:1", "a:2", "a:3", "b:1")) {
      cache.put(key, entry(10, Duration.ofHours(1)));
    }
    for (int i = 0; i < 500; i++) {
      cache.get("a:2");
      cache.get("b:1");
    }
    assertThat(cache.hottest("a:", 2)).hasSize(2).containsKey("a:2");
    assertThat(cache.hottest("a:", 2).keySet().iterator().next()).isEqualTo("a:2");
    assertThat(cache.hottest("c:", 2)).isEmpty();
  }

  private NearEntry entry(int bytes, Duration life) {
    return new NearEntry(
        TEXT,
        "value",
        new byte[bytes],
        Stamp.remote(new Position(1, 1), Tags.of("k:a:1")),
        living(life),
        counts);
  }

  private NearEntry entry(ValueType type, Object value, int bytes, String... tags) {
    return new NearEntry(
        type,
        Objects.requireNonNull(value),
        new byte[bytes],
        Stamp.remote(new Position(1, 1), Tags.of(tags)),
        living(Duration.ofHours(1)),
        counts);
  }

  private Life living(Duration life) {
    long end = nanos.get() + life.toNanos();
    return new Life(nanos.get(), end, end, end, /* costNanos= */ 0);
  }
}
