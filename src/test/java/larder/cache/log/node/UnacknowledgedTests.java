package larder.cache.log.node;

import static org.assertj.core.api.Assertions.assertThat;

import larder.cache.log.LogRecord.Everything;
import larder.cache.log.LogRecord.Invalidation;
import larder.cache.log.Position;
import larder.cache.log.Tags;
import larder.cache.log.TransactionId;
import org.junit.jupiter.api.Test;

class UnacknowledgedTests {

  private static final TransactionId TRANSACTION = new TransactionId("db", 1);

  private final Unacknowledged unacknowledged = new Unacknowledged(/* capacity= */ 3);
  private final Tags tags = Tags.of("c:users", "t:users");
  private final Invalidation record = new Invalidation(tags, TRANSACTION);

  private static Stamp remote(String... texts) {
    return Stamp.remote(new Position(1, 1), Tags.of(texts));
  }

  private static Stamp own(long originNanos, String... texts) {
    return Stamp.loaded(new Origin(new Position(1, 1), originNanos), Tags.of(texts), true);
  }

  @Test
  void touchesValuesThatCarryATag() {
    unacknowledged.add(record, tags, 100);
    assertThat(unacknowledged.touches(remote("t:users", "k:users:1"))).isTrue();
    assertThat(unacknowledged.touches(remote("t:accounts"))).isFalse();
  }

  @Test
  void leavesOwnLoadsThatBeganAfterTheChangeWasVisible() {
    unacknowledged.add(record, tags, 100);
    assertThat(unacknowledged.touches(own(100, "t:users"))).isTrue();
    assertThat(unacknowledged.touches(own(101, "t:users"))).isFalse();
  }

  @Test
  void isSettledTagByTag() {
    unacknowledged.add(record, tags, 100);
    unacknowledged.applied(TRANSACTION, Tags.of("t:users"));
    assertThat(unacknowledged.touches(remote("t:users"))).isFalse();
    assertThat(unacknowledged.touches(remote("c:users"))).isTrue();
    unacknowledged.applied(new TransactionId("db", 2), Tags.of("c:users"));
    assertThat(unacknowledged.touches(remote("c:users"))).isTrue();
    unacknowledged.applied(TRANSACTION, Tags.of("c:users"));
    assertThat(unacknowledged.isEmpty()).isTrue();
  }

  @Test
  void isSettledByAnAnswerToTheSameRecordSentAfterTheChange() {
    unacknowledged.add(record, tags, 100);
    unacknowledged.answered(new Sending(record, Position.NOWHERE, 99, 99));
    unacknowledged.answered(new Sending(new Invalidation(tags, null), Position.NOWHERE, 200, 200));
    assertThat(unacknowledged.isEmpty()).isFalse();
    unacknowledged.answered(new Sending(record, Position.NOWHERE, 150, 100));
    assertThat(unacknowledged.isEmpty()).isTrue();
  }

  @Test
  void isSettledByAClaimThatPassesTheChange() {
    unacknowledged.add(record, tags, 100);
    unacknowledged.passed(100);
    assertThat(unacknowledged.isEmpty()).isFalse();
    unacknowledged.passed(101);
    assertThat(unacknowledged.isEmpty()).isTrue();
  }

  @Test
  void isNothingWhenAllTagsWereAppliedBefore() {
    unacknowledged.add(record, Tags.NONE, 100);
    assertThat(unacknowledged.isEmpty()).isTrue();
  }

  @Test
  void holdsTheSameRecordOnceAndAsOfTheLaterChange() {
    unacknowledged.add(record, Tags.of("t:users"), 200);
    unacknowledged.add(record, Tags.of("c:users"), 100);
    assertThat(unacknowledged.outstanding()).containsExactly(new Outstanding(record, 200));
    assertThat(unacknowledged.touches(remote("t:users"))).isTrue();
    assertThat(unacknowledged.touches(own(150, "c:users"))).isTrue();
  }

  @Test
  void meltsBeyondItsCapacityIntoOneThatTouchesEverything() {
    for (int i = 1; i <= 4; i++) {
      unacknowledged.add(new Invalidation(Tags.of("k:" + i), null), Tags.of("k:" + i), 10L * i);
    }
    assertThat(unacknowledged.outstanding())
        .containsExactly(new Outstanding(Everything.RECORD, 40));
    assertThat(unacknowledged.touches(remote("whatever"))).isTrue();
    assertThat(unacknowledged.touches(own(41, "k:1"))).isFalse();
    unacknowledged.answered(new Sending(Everything.RECORD, Position.NOWHERE, 50, 40));
    assertThat(unacknowledged.isEmpty()).isTrue();
  }
}
