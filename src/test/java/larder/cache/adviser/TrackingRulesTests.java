package larder.cache.adviser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import larder.cache.method.MethodTracking.Unseen;
import larder.cache.statistics.CacheStatistics;
import larder.cache.statistics.Statistics;
import org.junit.jupiter.api.Test;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;

class TrackingRulesTests {

  static class Reader {
    @Cacheable("items")
    public String find(long id) {
      return "x";
    }
  }

  static class Writer {
    @CacheEvict("items")
    public void remove(long id) {}
  }

  private static final Map<String, String> OFF = Map.of("larder.caches.items.tracking", "false");

  private final Statistics statistics = new Statistics();
  private final CacheStatistics items = statistics.of("items");

  @Test
  void findsAnUntrackedCacheThatNothingEvicts() {
    loads(10);
    times(89, items::nearHit);
    assertThat(found(new Declared(OFF, new Reader()), true)).isEmpty();
    times(1, items::nearHit);
    assertThat(found(new Declared(OFF, new Reader()), true))
        .extracting(Finding::line)
        .containsExactly(
            "Cache 'items' is ended by nothing but its ttl of 1h: its tracking is off, and nothing"
                + " evicts it; larder.caches.items.tracking=true, or @CacheEvict(\"items\") where"
                + " its data changes");
  }

  @Test
  void anEvictAnywhereIsEnough() {
    loads(100);
    assertThat(found(new Declared(OFF, new Reader(), new Writer()), true)).isEmpty();
    items.evict();
    assertThat(found(new Declared(OFF, new Reader()), true)).isEmpty();
  }

  @Test
  void aShortTimeWasThoughtOf() {
    loads(100);
    Map<String, String> shortly =
        Map.of("larder.caches.items.tracking", "false", "larder.caches.items.ttl", "1m");
    assertThat(found(new Declared(shortly, new Reader()), true)).isEmpty();
  }

  @Test
  void findsATrackedCacheWhoseLoadsReadNothingThatIs() {
    loads(100);
    assertThat(found(new Declared(new Reader()), true)).isEmpty();
    assertThat(found(new Declared(new Reader()), false))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.rule()).isEqualTo("never-invalidated");
              assertThat(finding.reason()).contains("none of 100 loads has read anything");
            });
  }

  @Test
  void findsMethodsThatReadUnseen() {
    Unseen unseen = new Unseen("Sales.sum", List.of("sales"), Set.of("a view"), "Name its tables");
    Declared declared = new Declared();
    assertThat(
            new TrackingRules(
                    declared.policies,
                    statistics,
                    declared.methods,
                    () -> List.of(unseen),
                    cache -> true)
                .findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.rule()).isEqualTo("unseen-reads");
              assertThat(finding.subject()).isEqualTo("Sales.sum");
              assertThat(finding.caches()).containsExactly("sales");
              assertThat(finding.reason())
                  .endsWith("since it is not known when this changes: a view");
            });
  }

  private List<Finding> found(Declared declared, boolean dependsOnData) {
    return new TrackingRules(
            declared.policies, statistics, declared.methods, List::of, cache -> dependsOnData)
        .findings();
  }

  private void loads(int times) {
    times(times, () -> items.loaded(1));
  }

  private static void times(int times, Runnable action) {
    IntStream.range(0, times).forEach(i -> action.run());
  }
}
