package larder.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import larder.cache.CachedCall.Source;
import larder.history.node.ReadKind;
import larder.history.node.Stamped;
import larder.history.node.WriteKind;
import org.junit.jupiter.api.Test;

/** The judgement, which must miss nothing and accuse nobody. */
class HistoryTests {

  private static final int ROW = 7;
  private static final int LIFE = 1;
  private static final int OTHER_LIFE = 2;

  private final History history =
      new History(/* boundNanos= */ 1_000, Long.MAX_VALUE / 4, nanos -> List.of("a fault"));

  @Test
  void aReadMayBeAsStaleAsTheBound() {
    finished(1, 100);
    read(LIFE, 0, 1_100);

    assertThat(judged().violations()).isEmpty();
    assertThat(judged().worstMillis()).isEqualTo(0.001);
  }

  @Test
  void aReadThatIsStalerIsAViolation() {
    finished(1, 50);
    finished(2, 100);
    read(LIFE, 1, 1_101);

    assertThat(judged().violations())
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.row()).isEqualTo(new Stamped(ROW, 1));
              assertThat(each.expected()).isEqualTo(2);
              assertThat(each.nanos()).isEqualTo(1_001);
              assertThat(each.own()).isFalse();
              assertThat(each.faults()).containsExactly("a fault");
              assertThat(each.text(0))
                  .startsWith("STALE: row 7 showed 1, not 2, 0.0 ms after 2 (ANNOTATED on node 2)");
            });
  }

  @Test
  void whatTheReadShowedTooEarlyIsNoMatter() {
    finished(1, 100);
    read(LIFE, 5, 5_000);

    assertThat(judged().violations()).isEmpty();
    assertThat(judged().worstMillis()).isZero();
  }

  @Test
  void aCommitThatIsToldAfterTheReadCounts() {
    read(LIFE, 0, 5_000);
    finished(1, 100);

    assertThat(judged().violationCount()).isEqualTo(1);
  }

  @Test
  void aCommitThatOnlyAnObserverSawCounts() {
    history.observed(100, List.of(new Stamped(ROW, 1)));
    read(LIFE, 0, 5_000);

    assertThat(judged().violationCount()).isEqualTo(1);
    assertThat(judged().finishedWrites()).isZero();
  }

  @Test
  void theWritersOwnNodeSeesAWriteAtOnce() {
    history.returned(LIFE, 100, List.of(new Stamped(ROW, 1)));
    read(LIFE, 0, 100);
    read(LIFE, 0, 101);
    read(OTHER_LIFE, 0, 101);

    assertThat(judged().violations())
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.own()).isTrue();
              assertThat(each.read().life()).isEqualTo(LIFE);
              assertThat(each.expected()).isEqualTo(1);
            });
  }

  @Test
  void everyRowOfAListIsJudged() {
    finished(1, 100);
    history.read(
        new SeenRead(
            0,
            LIFE,
            ReadKind.LIST,
            Source.NEAR,
            5_000,
            5_001,
            List.of(new Stamped(ROW + 1, 0), new Stamped(ROW, 0))));

    assertThat(judged().violationCount()).isEqualTo(1);
    assertThat(judged().judgedReads()).isEqualTo(1);
    assertThat(judged().judgedRows()).isEqualTo(2);
  }

  @Test
  void aViolationIsToldOnceAndCountedEachTime() {
    finished(1, 100);
    read(LIFE, 0, 5_000);
    read(LIFE, 0, 6_000);

    assertThat(judged().violationCount()).isEqualTo(2);
    assertThat(judged().violations()).hasSize(1);
  }

  @Test
  void aReadIsJudgedWhenItHasWaited() {
    History impatient = new History(1_000, /* waitNanos= */ 0, nanos -> List.of());
    impatient.read(seen(LIFE, 0, 5_000));

    assertThat(impatient.verdict().judgedReads()).isEqualTo(1);
  }

  @Test
  void stalenessIsCountedInStepsAndRoundedUp() {
    Staleness staleness = new Staleness();
    for (int i = 0; i < 999; i++) {
      staleness.add(0);
    }
    staleness.add(1_234_567);

    assertThat(staleness.quantileMillis(0.999)).isZero();
    assertThat(staleness.quantileMillis(1)).isEqualTo(1.3);
    assertThat(staleness.worstMillis()).isEqualTo(1.234567);
    assertThat(staleness.freshShare()).isEqualTo(0.999);
  }

  private void finished(long stamp, long nanos) {
    history.finished(WriteKind.ANNOTATED, /* node= */ 2, nanos, List.of(new Stamped(ROW, stamp)));
  }

  private void read(int life, long stamp, long begin) {
    history.read(seen(life, stamp, begin));
  }

  private static SeenRead seen(int life, long stamp, long begin) {
    return new SeenRead(
        0, life, ReadKind.BY_ID, Source.NEAR, begin, begin + 1, List.of(new Stamped(ROW, stamp)));
  }

  private Verdict judged() {
    history.end();
    return history.verdict();
  }
}
