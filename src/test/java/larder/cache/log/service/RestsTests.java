package larder.cache.log.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RestsTests {

  private final Rests rests = new Rests();

  @Test
  void noneWhileRecordsComeOneByOne() {
    long now = -5;
    for (int i = 0; i < 10; i++) {
      assertThat(rests.after(1, now)).isZero();
      now += Rests.SOON_NANOS;
    }
  }

  @Test
  void oneAfterNewsThatFollowOthersSoon() {
    assertThat(rests.after(1, 0)).isZero();
    assertThat(rests.after(1, Rests.SOON_NANOS - 1)).isEqualTo(Rests.REST_NANOS);
  }

  @Test
  void anotherWhereSeveralHaveComeMeanwhile() {
    assertThat(rests.after(2, 0)).isEqualTo(Rests.REST_NANOS);
    assertThat(rests.after(2, 3 * Rests.REST_NANOS)).isEqualTo(Rests.REST_NANOS);
    assertThat(rests.after(1, 6 * Rests.REST_NANOS)).isZero();
  }
}
