package larder.cache.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TagNamesTests {

  private final TagNames names = new TagNames();

  @Test
  void tellsTheTextsThatItMet() {
    names.note("t:users:42");
    assertThat(names.of(Tags.hash("t:users:42"))).isEqualTo("t:users:42");
    assertThat(names.of(Tags.hash("t:users:43"))).isNull();
  }

  /** However many come, the table has the size that it has, and never tells a wrong name. */
  @Test
  void forgetsOldNamesForNewOnesAndNeverMixesThem() {
    int met = 100_000;
    IntStream.range(0, met).forEach(i -> names.note("k:x:" + i));

    long known =
        IntStream.range(0, met)
            .mapToObj(i -> "k:x:" + i)
            .filter(text -> names.of(Tags.hash(text)) != null)
            .peek(text -> assertThat(names.of(Tags.hash(text))).isEqualTo(text))
            .count();
    assertThat(known).isBetween(10_000L, 16_384L);
    assertThat(names.of(Tags.hash("k:x:" + (met - 1)))).isNotNull();
  }

  @Test
  void doesNotKeepWhatIsVeryLong() {
    String text = "k:x:" + "y".repeat(500);
    names.note(text);
    assertThat(names.of(Tags.hash(text))).isNull();
  }
}
