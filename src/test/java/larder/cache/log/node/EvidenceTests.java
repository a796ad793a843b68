package larder.cache.log.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EvidenceTests {

  private final Evidence evidence = new Evidence(/* spacingNanos= */ 10, /* spanNanos= */ 400);

  @Test
  void isTheLatestPollThatEndedBelowTheRecord() {
    evidence.add(100, 5);
    evidence.add(120, 7);
    evidence.add(140, 9);
    assertThat(evidence.latestBelow(9)).isEqualTo(120);
    assertThat(evidence.latestBelow(10)).isEqualTo(140);
    assertThat(evidence.latestBelow(6)).isEqualTo(100);
    assertThat(evidence.latestBelow(5)).isEqualTo(Horizon.NEVER);
  }

  @Test
  void isNothingWithoutPolls() {
    assertThat(evidence.latestBelow(Long.MAX_VALUE)).isEqualTo(Horizon.NEVER);
    evidence.add(100, 5);
    evidence.forget();
    assertThat(evidence.latestBelow(Long.MAX_VALUE)).isEqualTo(Horizon.NEVER);
  }

  /** Frequent polls do not push out the one that a heartbeat will ask for. */
  @Test
  void coversItsSpanHoweverOftenIsPolled() {
    for (int sent = 0; sent <= 1_000; sent++) {
      evidence.add(sent, sent);
    }
    assertThat(evidence.latestBelow(601)).isEqualTo(600);
    assertThat(evidence.latestBelow(700)).isEqualTo(690);
  }

  @Test
  void forgetsWhatIsOlderThanItsSpan() {
    for (int sent = 0; sent <= 1_000; sent += 10) {
      evidence.add(sent, sent);
    }
    assertThat(evidence.latestBelow(500)).isEqualTo(Horizon.NEVER);
  }

  @Test
  void worksWithAClockThatIsNegative() {
    evidence.add(-1_000, 1);
    evidence.add(-900, 2);
    assertThat(evidence.latestBelow(2)).isEqualTo(-1_000);
  }
}
