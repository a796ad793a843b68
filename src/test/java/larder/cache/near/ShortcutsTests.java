package larder.cache.near;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import larder.cache.key.RecentKey;
import larder.cache.key.RecentKeys;
import larder.cache.log.Position;
import larder.cache.log.Tags;
import larder.cache.log.node.Stamp;
import larder.cache.near.NearEntry.Life;
import larder.cache.statistics.CacheStatistics;
import larder.cache.value.FieldMapper;
import larder.cache.value.ValueType;
import larder.cache.value.ValueTypes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A key that was used of late leads to what the map has under it, and to nothing else. */
class ShortcutsTests {

  private static final ValueType NUMBER =
      new ValueTypes(FieldMapper.create().getTypeFactory()).of(Integer.class);

  private static final int READS = 100;

  private final NearCache cache = new NearCache(1_000_000, System::nanoTime);
  private final RecentKeys<NearEntry> keys = new RecentKeys<>();

  private RecentKey<NearEntry> key(Object key) {
    keys.note(key, 1, "k:" + key);
    return Objects.requireNonNull(keys.find(key, 1));
  }

  private static NearEntry entry(int value) {
    long now = System.nanoTime();
    long end = now + Duration.ofHours(1).toNanos();
    return new NearEntry(
        NUMBER,
        value,
        new byte[10],
        Stamp.remote(new Position(1, 1), Tags.of("k:a:1")),
        new Life(now, end, end, end, /* costNanos= */ 0),
        new CacheStatistics());
  }

  private void readsOnly(RecentKey<NearEntry> key, @Nullable NearEntry expected) {
    for (int i = 0; i < READS; i++) {
      assertThat(cache.get(key)).isSameAs(expected);
    }
    assertThat(key.held()).isSameAs(expected);
  }

  @Test
  void leadsToWhatIsThereUntilItIsReplacedOrRemoved() {
    RecentKey<NearEntry> key = key(1);
    readsOnly(key, null);
    NearEntry first = entry(1);
    cache.put(key.name(), first);
    readsOnly(key, first);
    NearEntry second = entry(2);
    cache.put(key.name(), second);
    readsOnly(key, second);
    cache.remove(key.name());
    readsOnly(key, null);
    NearEntry third = entry(3);
    cache.put(key.name(), third);
    readsOnly(key, third);
    cache.clear();
    readsOnly(key, null);
  }

  @Test
  void whatIsEvictedForRoomIsKeptByNoKey() {
    NearCache small = new NearCache(10_000, System::nanoTime);
    List<RecentKey<NearEntry>> all = IntStream.range(0, 500).mapToObj(this::key).toList();
    for (RecentKey<NearEntry> key : all) {
      small.put(key.name(), entry(1));
      small.get(key);
    }
    assertThat(all.stream().filter(key -> key.held() != null).count())
        .isPositive()
        .isLessThanOrEqualTo(small.size());
  }

  /** Two keys of one name, as two callers may have noted them at the same time. */
  @Test
  void oneKeyAtATimeLeadsToAnEntry() {
    RecentKey<NearEntry> one = key(1);
    RecentKey<NearEntry> other = new ShortcutsTests().key(1);
    cache.put(one.name(), entry(1));
    cache.get(one);
    cache.get(other);
    cache.remove(one.name());

    assertThat(one.held()).isNull();
    assertThat(other.held()).isNull();
  }

  /** A reader found it in the map, and it is gone before the reader makes the shortcut. */
  @Test
  void noKeyIsLedToWhatIsGone() {
    RecentKey<NearEntry> key = key(1);
    NearEntry gone = entry(1);
    gone.isNoMore();
    gone.lead(key);

    assertThat(key.held()).isNull();
  }

  /** Between the mark and the removal of the shortcut. */
  @Test
  void aShortcutToWhatIsGoneIsNone() {
    RecentKey<NearEntry> key = key(1);
    NearEntry gone = entry(1);
    gone.isNoMore();
    key.hold(gone);
    for (int i = 0; i < READS; i++) {
      assertThat(cache.get(key)).isNull();
    }
  }

  @Test
  void theMapKnowsWhatIsReadByShortcuts() {
    for (int i = 0; i < 10; i++) {
      cache.put(key(i).name(), entry(i));
    }
    RecentKey<NearEntry> hot = key(3);
    for (int i = 0; i < 500; i++) {
      cache.get(hot);
    }
    assertThat(cache.hottest("k:", 1)).containsOnlyKeys(hot.name());
  }

  /** What was put before a read began, and nothing older, is read; nothing gone stays held. */
  @Test
  void readersFindTheLatestWhileAWriterReplacesAndRemoves() throws Exception {
    RecentKey<NearEntry> key = key(1);
    AtomicInteger latest = new AtomicInteger();
    AtomicInteger removed = new AtomicInteger();
    ExecutorService readers = Executors.newFixedThreadPool(2);
    try {
      Future<Integer> one = readers.submit(() -> staleReads(key, latest, removed));
      Future<Integer> other = readers.submit(() -> staleReads(key, latest, removed));
      for (int i = 1; i <= 100_000; i++) {
        cache.put(key.name(), entry(i));
        latest.set(i);
        if (i % 3 == 0) {
          cache.remove(key.name());
          removed.set(i);
        }
      }
      cache.remove(key.name());
      latest.set(Integer.MAX_VALUE);
      assertThat(one.get()).isZero();
      assertThat(other.get()).isZero();
      assertThat(key.held()).isNull();
    } finally {
      readers.shutdownNow();
    }
  }

  private int staleReads(RecentKey<NearEntry> key, AtomicInteger latest, AtomicInteger removed) {
    int stale = 0;
    for (int known = 0; known < Integer.MAX_VALUE; known = latest.get()) {
      int gone = removed.get();
      NearEntry found = cache.get(key);
      int value = found == null ? Integer.MAX_VALUE : (int) Objects.requireNonNull(found.value());
      stale += value < known || value <= gone ? 1 : 0;
    }
    return stale;
  }

  /**
   * Of 2,000 keys, some read more often than others, there is room for 500. A map that is told only
   * some of the hits, and all misses, would keep what is read less.
   */
  @Test
  void hitsAreAsManyAsWithoutShortcutsWhereRoomIsShort() {
    int room = 500 * (entry(1).weight() + 2 * "k:1000".length());
    Cache<String, NearEntry> seeingAll =
        Caffeine.newBuilder()
            .maximumWeight(room)
            .weigher((String key, NearEntry entry) -> entry.weight() + 2 * key.length())
            .executor(Runnable::run)
            .build();
    NearCache small = new NearCache(room, System::nanoTime);
    SplittableRandom random = new SplittableRandom(7);
    int all = 0;
    int some = 0;
    for (int i = 0; i < 50_000; i++) {
      int number = 1_000 + (int) (2_000 * Math.pow(random.nextDouble(), 2.5));
      RecentKey<NearEntry> known = keys.find(number, 1);
      RecentKey<NearEntry> key = known == null ? key(number) : known;
      all += hit(seeingAll::put, seeingAll.getIfPresent(key.name()), key);
      some += hit(small::put, small.get(key), key);
    }
    assertThat(some / 500.0).as("of 100 reads").isGreaterThan(all / 500.0 - 1);
  }

  private static int hit(
      BiConsumer<String, NearEntry> cache, @Nullable NearEntry found, RecentKey<NearEntry> key) {
    if (found == null) {
      cache.accept(key.name(), entry(1));
    }
    return found == null ? 0 : 1;
  }
}
