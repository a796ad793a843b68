package larder.cache.manager;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryEndsTests {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final EntryEnds ends = new EntryEnds();

  @ParameterizedTest
  @ValueSource(longs = {0, 7_000_000_000_000L, -7_000_000_000_000L, Long.MAX_VALUE - 500_000_000})
  void aLifeIsOverFromItsEndOn(long now) {
    ends.note("42", now + SECOND);
    assertThat(ends.isOver("42", now)).isFalse();
    assertThat(ends.isOver("42", now + 2 * SECOND)).isTrue();
  }

  @Test
  void aKeyThatNobodyHadIsNotOver() {
    ends.note("42", 0);
    assertThat(ends.isOver("43", SECOND)).isFalse();
  }

  @Test
  void theLastLifeCounts() {
    ends.note("42", SECOND);
    ends.note("42", 9 * SECOND);
    assertThat(ends.isOver("42", 2 * SECOND)).isFalse();
  }
}
