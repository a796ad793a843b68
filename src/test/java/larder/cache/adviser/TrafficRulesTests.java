package larder.cache.adviser;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import larder.cache.redis.KeySample;
import larder.cache.redis.RedisFigures;
import larder.cache.redis.ServerFigures;
import larder.cache.statistics.CacheStatistics;
import larder.cache.statistics.Miss;
import larder.cache.statistics.Statistics;
import org.junit.jupiter.api.Test;

class TrafficRulesTests {

  private static final Duration ROUND_TRIP = Duration.ofNanos(100_000);

  private final Statistics statistics = new Statistics();
  private final CacheStatistics items = statistics.of("items");

  @Test
  void findsNothingInACacheThatAnswers() {
    times(800, items::nearHit);
    misses(200, Miss.ABSENT);
    loads(200, Duration.ofMillis(1));
    assertThat(found()).isEmpty();
  }

  @Test
  void waitsForEnoughLookups() {
    misses(999, Miss.ABSENT);
    assertThat(found()).isEmpty();
    misses(1, Miss.ABSENT);
    assertThat(found()).extracting(Finding::rule).containsExactly("low-hit-ratio");
  }

  @Test
  void tellsTheRatioAndWhatMostMissesAre() {
    times(500, items::remoteHit);
    misses(400, Miss.INVALIDATED);
    misses(200, Miss.ABSENT);
    assertThat(found())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.reason())
                  .isEqualTo(
                      "answers 45 % of 1,100 lookups; most misses (400 of 600) are 'invalidated',"
                          + " the data had changed since");
              assertThat(finding.remedy()).contains("load by id");
              assertThat(finding.caches()).containsExactly("items");
            });
  }

  @Test
  void leavesOutMissesThatAreNoneOfTheCachesDoing() {
    times(1_000, items::nearHit);
    for (Miss miss :
        List.of(Miss.UNAVAILABLE, Miss.DEGRADED, Miss.FLOOR, Miss.TRANSACTION, Miss.SESSION)) {
      misses(1_000, miss);
    }
    assertThat(found()).isEmpty();
  }

  @Test
  void findsATimeToLiveThatIsTooShort() {
    times(400, items::nearHit);
    misses(500, Miss.EXPIRED);
    misses(100, Miss.ABSENT);
    assertThat(found(Map.of("larder.caches.items.ttl", "30s")))
        .extracting(Finding::line)
        .containsExactly(
            "Cache 'items' answers 40 % of 1,000 lookups: with a ttl of 30s, 500 entries had"
                + " expired before they were used again; larder.caches.items.ttl=2m");
  }

  @Test
  void aHundredEntriesThatHaveExpiredAreEnough() {
    misses(99, Miss.EXPIRED);
    assertThat(found()).isEmpty();
    misses(1, Miss.EXPIRED);
    assertThat(found()).extracting(Finding::rule).containsExactly("ttl-short");
    misses(101, Miss.ABSENT);
    assertThat(found()).isEmpty();
  }

  @Test
  void expiryThatCostsLittleIsNoMatter() {
    times(900, items::nearHit);
    misses(200, Miss.EXPIRED);
    assertThat(found()).isEmpty();
  }

  @Test
  void findsLoadsThatAreCheaperThanLookups() {
    times(900, items::remoteHit);
    misses(100, Miss.ABSENT);
    loads(100, Duration.ofNanos(20_000));
    assertThat(found())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.rule()).isEqualTo("cheap-loads");
              assertThat(finding.reason())
                  .contains("a load takes 20 µs, a lookup in Redis 100 µs (100 loads, 1,000");
            });
  }

  @Test
  void cheapLoadsThatAreMostlySparedAreNoMatter() {
    times(9_900, items::nearHit);
    misses(100, Miss.ABSENT);
    loads(100, Duration.ofNanos(20_000));
    assertThat(found()).isEmpty();
  }

  @Test
  void withoutFiguresOfRedisNoLoadIsCheap() {
    times(900, items::remoteHit);
    misses(100, Miss.ABSENT);
    loads(100, Duration.ofNanos(20_000));
    assertThat(new TrafficRules(new Declared().policies, statistics, Optional::empty).findings())
        .isEmpty();
  }

  @Test
  void aCacheThatIsSwitchedOffIsLeftAlone() {
    misses(2_000, Miss.ABSENT);
    assertThat(found(Map.of("larder.caches.items.enabled", "false"))).isEmpty();
  }

  private List<Finding> found() {
    return found(Map.of());
  }

  private List<Finding> found(Map<String, String> settings) {
    ServerFigures server = new ServerFigures(0, 0, 0, 0, 0, 0, "", false, false);
    RedisFigures redis = new RedisFigures(List.of(server), KeySample.NONE, ROUND_TRIP.toNanos());
    return new TrafficRules(new Declared(settings).policies, statistics, () -> Optional.of(redis))
        .findings();
  }

  private void misses(int times, Miss reason) {
    times(times, () -> items.miss(reason));
  }

  private void loads(int times, Duration each) {
    times(times, () -> items.loaded(each.toNanos()));
  }

  private static void times(int times, Runnable action) {
    IntStream.range(0, times).forEach(i -> action.run());
  }
}
