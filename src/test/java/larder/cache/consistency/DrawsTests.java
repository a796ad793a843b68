package larder.cache.consistency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DrawsTests {

  private long nanos = Long.MAX_VALUE - 5; // the clock may wrap

  private Draws draws(int oneIn, int perSecond) {
    return new Draws(oneIn, perSecond, () -> nanos);
  }

  private static long falls(Draws draws, int calls) {
    return IntStream.range(0, calls).filter(i -> draws.fall()).count();
  }

  @Test
  void drawsAboutOneInSoMany() {
    assertThat(falls(draws(1, 1), 1_000)).isEqualTo(1_000);
    assertThat(falls(draws(0, 1), 1_000)).isZero();
    assertThat(falls(draws(10, 1), 100_000)).isBetween(8_000L, 12_000L);
  }

  @Test
  void takesNoMoreThanSoManyInASecond() {
    Draws draws = draws(1, 4);
    assertThat(draws.take()).isTrue();
    assertThat(draws.take()).isFalse();
    nanos += TimeUnit.MILLISECONDS.toNanos(249);
    assertThat(draws.take()).isFalse();
    nanos += TimeUnit.MILLISECONDS.toNanos(1);
    assertThat(draws.take()).isTrue();
    assertThat(draws.take()).isFalse();
  }
}
