package larder.cache.adviser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import larder.cache.statistics.CacheStatistics;
import larder.cache.statistics.Statistics;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class ValueRulesTests {

  private final Statistics statistics = new Statistics();
  private final CacheStatistics items = statistics.of("items");

  @Test
  void findsNothingInSmallValues() {
    stored(1_000, 400);
    assertThat(found()).isEmpty();
  }

  @Test
  void findsValuesThatAreTooLarge() {
    stored(90, 400);
    refused(9, true);
    assertThat(found()).isEmpty();
    refused(1, true);
    assertThat(found())
        .extracting(Finding::line)
        .containsExactly(
            "Cache 'items' keeps none of 10 of 100 values, which are over"
                + " larder.remote.max-value-size (1.0 MB); return less, such as a page, or"
                + " larder.remote.max-value-size=2MB");
  }

  @Test
  void findsValuesThatCannotBeKept() {
    refused(10, false);
    assertThat(found()).extracting(Finding::rule).containsExactly("values-refused");
  }

  @Test
  void aFewAmongManyAreNoMatter() {
    stored(1_000, 400);
    refused(10, true);
    refused(10, false);
    assertThat(found()).isEmpty();
  }

  @Test
  void findsValuesThatAreLargeOnAverage() {
    stored(99, 300 * 1024);
    assertThat(found()).isEmpty();
    stored(1, 300 * 1024);
    assertThat(found())
        .extracting(Finding::reason)
        .containsExactly(
            "has values of 300.0 kB on average (100): each hit in Redis moves and parses that"
                + " much");
  }

  private List<Finding> found() {
    return new ValueRules(new Declared().policies, statistics, DataSize.ofMegabytes(1)).findings();
  }

  private void stored(int times, int bytes) {
    IntStream.range(0, times).forEach(i -> items.stored(bytes));
  }

  private void refused(int times, boolean tooLarge) {
    IntStream.range(0, times).forEach(i -> items.refused(tooLarge));
  }
}
