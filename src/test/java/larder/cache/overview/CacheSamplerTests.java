package larder.cache.overview;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import larder.cache.log.Position;
import larder.cache.log.Tags;
import larder.cache.log.node.Stamp;
import larder.cache.near.NearCache;
import larder.cache.near.NearEntry;
import larder.cache.near.NearEntry.Life;
import larder.cache.statistics.CacheStatistics;
import larder.cache.statistics.Miss;
import larder.cache.statistics.Statistics;
import larder.cache.value.FieldMapper;
import larder.cache.value.ValueTypes;
import org.junit.jupiter.api.Test;

class CacheSamplerTests {

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
  private final Statistics statistics = new Statistics();
  private final NearCache near = new NearCache(1_000_000, nanos::get);
  private final CacheSampler sampler = new CacheSampler(statistics, nanos::get);

  private void pass(long seconds) {
    nanos.addAndGet(seconds * 1_000_000_000);
  }

  @Test
  void tellsWhatHappenedBetweenSamplesAndSinceTheLast() {
    CacheStatistics users = statistics.of("users");
    users.nearHit();
    users.miss(Miss.ABSENT);
    pass(5);
    sampler.take();
    users.remoteHit();
    users.loaded(3_000_000);
    pass(5);
    sampler.take();
    users.staleHit();

    var steps = sampler.steps("users");
    assertThat(steps).extracting(CacheStep::near).containsExactly(1L, 0L, 0L);
    assertThat(steps).extracting(CacheStep::remote).containsExactly(0L, 1L, 0L);
    assertThat(steps).extracting(CacheStep::stale).containsExactly(0L, 0L, 1L);
    assertThat(steps).extracting(CacheStep::database).containsExactly(1L, 0L, 0L);
    assertThat(steps.get(0).hitRatio()).isEqualTo(0.5);
    assertThat(steps.get(1).meanLoadNanos()).isEqualTo(3_000_000);
    assertThat(steps.get(2).meanLoadNanos()).isNaN();
    assertThat(CacheStep.together(steps).lookups()).isEqualTo(4);
    assertThat(sampler.total("users").lookups()).isEqualTo(4);
  }

  @Test
  void keepsTheLastMinutesOnly() {
    CacheStatistics users = statistics.of("users");
    for (int i = 0; i < CacheSampler.KEPT + 20; i++) {
      users.nearHit();
      pass(5);
      sampler.take();
    }
    var steps = sampler.steps("users");
    assertThat(steps).hasSize(CacheSampler.KEPT + 1);
    assertThat(CacheStep.together(steps).near()).isEqualTo(CacheSampler.KEPT);
    assertThat(sampler.total("users").near()).isEqualTo(CacheSampler.KEPT + 20);
  }

  @Test
  void countsTheEntriesOfEachCacheAndTheirSize() {
    near.put("app:users:v1:1", entry("users", 0));
    near.put("app:users:v2:a:b", entry("users", 0));
    near.put("app:users-by-handle:v1:ada", entry("users-by-handle", 0));
    pass(1);

    CacheStep users = sampler.total("users");
    assertThat(users.entries()).isEqualTo(2);
    assertThat(sampler.total("users-by-handle").entries()).isEqualTo(1);
    assertThat(users.bytes()).isGreaterThan(2 * 10).isLessThan(near.weight());
    assertThat(sampler.total("other").entries()).isZero();
  }

  @Test
  void showsTheCostliestKeysOfACache() {
    near.put("app:users:v1:cheap", costing(1));
    near.put("app:users:v1:dear:one", costing(9));
    near.put("app:other:v1:x", costing(99));
    NearKeys keys = new NearKeys(near, nanos::get);

    assertThat(keys.costliest("app:users:", 1))
        .extracting(KeyReport::key)
        .containsExactly("dear:one");
    assertThat(keys.costliest("app:users:", 9))
        .extracting(key -> key.loadTime().toNanos())
        .containsExactly(9L, 1L);
    assertThat(keys.hottest("app:users:", 9)).hasSize(2);
  }

  private NearEntry costing(long costNanos) {
    return entry("users", costNanos);
  }

  private NearEntry entry(String cache, long costNanos) {
    long end = nanos.get() + 1_000_000_000_000L;
    return new NearEntry(
        new ValueTypes(FieldMapper.create().getTypeFactory()).of(String.class),
        "value",
        new byte[10],
        Stamp.remote(new Position(1, 1), Tags.of("k:a:1")),
        new Life(nanos.get(), end, end, end, costNanos),
        statistics.of(cache));
  }
}
