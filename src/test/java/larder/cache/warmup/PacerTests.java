package larder.cache.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PacerTests {

  private static final long PERIOD = 100_000_000;

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - PERIOD);
  private final Pacer pacer = new Pacer(10, now::get);

  @Test
  void loadsFollowEachOtherAtTheirPace() {
    assertThat(pacer.take()).isZero();
    assertThat(pacer.take()).isEqualTo(PERIOD);
    assertThat(pacer.take()).isEqualTo(2 * PERIOD);
  }

  @Test
  void aPauseIsNotMadeUpFor() {
    pacer.take();
    now.addAndGet(10 * PERIOD);
    assertThat(pacer.take()).isZero();
    assertThat(pacer.take()).isEqualTo(PERIOD);
  }

  @Test
  void whatHasNotLoadedTakesNoPlace() {
    for (int i = 0; i < 5; i++) {
      assertThat(pacer.take()).isZero();
      pacer.settle(0);
    }
  }

  @Test
  void whatHasLoadedMoreTakesMorePlaces() {
    pacer.take();
    pacer.settle(3);
    assertThat(pacer.take()).isEqualTo(3 * PERIOD);
  }
}
