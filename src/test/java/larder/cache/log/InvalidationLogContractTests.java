package larder.cache.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import larder.cache.log.LogRecord.Everything;
import larder.cache.log.LogRecord.Heartbeat;
import larder.cache.log.LogRecord.Invalidation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of the log does. */
abstract class InvalidationLogContractTests {

  /** More records than a test appends, and few enough to append that many. */
  static final int KEPT = 50;

  private InvalidationLog log;

  /** A store without a trace of the log, keeping about {@link #KEPT} records. */
  abstract InvalidationLog emptyLog();

  /** Loses everything that is stored. */
  abstract void wipe();

  /** Loses epoch and counter, and keeps the records. */
  abstract void loseCounter();

  /** Loses the records, and keeps epoch and counter. */
  abstract void loseRecords();

  /** Makes the store another server that has all the data of this one. */
  abstract void promote();

  @BeforeEach
  void open() {
    log = emptyLog();
  }

  private static Invalidation invalidation(String... tags) {
    return new Invalidation(Tags.of(tags), new TransactionId("node", 7));
  }

  private Position append(Position seen) {
    return log.append(seen, invalidation("c:users")).position();
  }

  private static Position next(Position position) {
    return new Position(position.epoch(), position.n() + 1);
  }

  @Test
  void poll_ofAnEmptyLogReturnsNothing() {
    Polled polled = log.poll(Position.NOWHERE, 10);
    assertThat(polled.entries()).isEmpty();
    assertThat(polled.truncated()).isFalse();
  }

  @Test
  void append_opensAHistoryWithARecordThatMeansAll() {
    Position own = append(Position.NOWHERE);
    assertThat(own.n()).isEqualTo(2);
    assertThat(own.epoch()).isPositive();
    assertThat(log.poll(Position.NOWHERE, 10).entries())
        .containsExactly(
            new LogEntry(new Position(own.epoch(), 1), Everything.RECORD),
            new LogEntry(own, invalidation("c:users")));
  }

  @Test
  void append_numbersWithoutGaps() {
    Position first = append(Position.NOWHERE);
    Position second = append(first);
    assertThat(second).isEqualTo(next(first));
    assertThat(append(second)).isEqualTo(next(second));
  }

  @Test
  void append_returnsWhatLiesBetweenTheCallersPositionAndItsOwn() {
    Position seen = append(Position.NOWHERE);
    log.append(seen, invalidation("k:users:1"));
    Appended own = log.append(seen, invalidation("k:users:2"));
    assertThat(own.accepted()).isTrue();
    assertThat(own.since())
        .containsExactly(
            new LogEntry(next(seen), invalidation("k:users:1")),
            new LogEntry(next(next(seen)), invalidation("k:users:2")));
    assertThat(own.position()).isEqualTo(next(next(seen)));
  }

  @Test
  void append_returnsNoRecordsToACallerFromAnotherEpoch() {
    append(Position.NOWHERE);
    Appended own = log.append(new Position(1, 5), invalidation("c:users"));
    assertThat(own.position().epoch()).isGreaterThan(1);
    assertThat(own.since()).isEmpty();
  }

  @Test
  void append_bearsBeingRunTwiceAndLate() {
    Position first = append(Position.NOWHERE);
    append(first);
    Position again = append(Position.NOWHERE);
    assertThat(again.epoch()).isEqualTo(first.epoch());
    assertThat(again.n()).isEqualTo(4);
  }

  @Test
  void append_keepsEveryKindOfRecord() {
    List<LogRecord> records =
        List.of(
            invalidation("c:users", "k:users:42"),
            new Invalidation(Tags.of("t:users"), null),
            new Invalidation(Tags.NONE, null),
            Everything.RECORD);
    List<LogRecord> read = new ArrayList<>();
    Position start = append(Position.NOWHERE);
    records.forEach(record -> log.append(start, record));
    log.poll(start, 10).entries().forEach(entry -> read.add(entry.record()));
    assertThat(read).isEqualTo(records);
  }

  @Test
  void poll_returnsWhatIsBehindTheCursor() {
    Position first = append(Position.NOWHERE);
    Position second = append(first);
    assertThat(log.poll(first, 10).entries())
        .extracting(LogEntry::position)
        .containsExactly(second);
    assertThat(log.poll(second, 10).entries()).isEmpty();
  }

  @Test
  void poll_saysThatItMayBeCut() {
    Position first = append(Position.NOWHERE);
    append(first);
    append(first);
    assertThat(log.poll(first, 1).entries()).hasSize(1);
    assertThat(log.poll(first, 1).truncated()).isTrue();
    assertThat(log.poll(first, 2).truncated()).isTrue();
    assertThat(log.poll(first, 3).truncated()).isFalse();
  }

  @Test
  void append_cutsTheLog() {
    Position last = Position.NOWHERE;
    for (int i = 0; i < 10 * KEPT; i++) {
      last = append(last);
    }
    List<LogEntry> kept = log.poll(Position.NOWHERE, 100 * KEPT).entries();
    assertThat(kept).hasSizeBetween(KEPT, 5 * KEPT);
    assertThat(kept.get(kept.size() - 1).position()).isEqualTo(last);
  }

  @Test
  void heartbeat_isAppendedInItsOwnEpoch() {
    Position seen = append(Position.NOWHERE);
    Heartbeat heartbeat = new Heartbeat(seen, Source.LOG);
    Appended answer = log.heartbeat(seen, heartbeat);
    assertThat(answer.accepted()).isTrue();
    assertThat(answer.since()).containsExactly(new LogEntry(next(seen), heartbeat));
  }

  @Test
  void heartbeat_isRefusedInAnotherEpoch() {
    Position seen = append(Position.NOWHERE);
    wipe();
    Appended answer = log.heartbeat(seen, new Heartbeat(seen, Source.LOG));
    assertThat(answer.accepted()).isFalse();
    assertThat(answer.position()).isEqualTo(new Position(answer.position().epoch(), 1));
    assertThat(answer.position().epoch()).isGreaterThan(seen.epoch());
  }

  @Test
  void heartbeat_opensTheFirstHistoryAndIsRefused() {
    Appended answer = log.heartbeat(Position.NOWHERE, new Heartbeat(Position.NOWHERE, Source.LOG));
    assertThat(answer.accepted()).isFalse();
    assertThat(log.poll(Position.NOWHERE, 10).entries())
        .containsExactly(new LogEntry(answer.position(), Everything.RECORD));
  }

  @Test
  void heartbeat_ofAnOlderTimelineIsRefused() {
    Position seen = append(Position.NOWHERE);
    assertThat(log.heartbeat(seen, new Heartbeat(seen, new Source("db", 2))).accepted()).isTrue();
    assertThat(log.heartbeat(seen, new Heartbeat(seen, new Source("db", 1))).accepted()).isFalse();
    assertThat(log.heartbeat(seen, new Heartbeat(seen, new Source("other", 1))).accepted())
        .isTrue();
    assertThat(log.heartbeat(seen, new Heartbeat(seen, Source.LOG)).accepted()).isTrue();
  }

  @Test
  void heartbeat_ofALaterTimelineOpensANewEpoch() {
    Position seen = append(Position.NOWHERE);
    log.heartbeat(seen, new Heartbeat(seen, new Source("db", 2)));
    Appended answer = log.heartbeat(seen, new Heartbeat(seen, new Source("db", 3)));
    assertThat(answer.accepted()).isFalse();
    assertThat(answer.position().epoch()).isGreaterThan(seen.epoch());
    Position opened = answer.position();
    assertThat(log.heartbeat(opened, new Heartbeat(opened, new Source("db", 3))).accepted())
        .isTrue();
    assertThat(log.heartbeat(opened, new Heartbeat(opened, new Source("db", 2))).accepted())
        .isFalse();
  }

  @Test
  void aWipedLogOpensALaterEpoch() {
    Position seen = append(Position.NOWHERE);
    wipe();
    Position after = append(seen);
    assertThat(after.epoch()).isGreaterThan(seen.epoch());
    assertThat(after.n()).isEqualTo(2);
    assertThat(log.poll(seen, 10).entries()).hasSize(2);
  }

  @Test
  void aLostCounterOpensALaterEpochBehindTheKeptRecords() {
    Position seen = append(Position.NOWHERE);
    loseCounter();
    Position after = append(Position.NOWHERE);
    assertThat(after.epoch()).isGreaterThan(seen.epoch());
    assertThat(log.poll(seen, 10).entries()).hasSize(2);
  }

  @Test
  void lostRecordsOpenALaterEpoch() {
    Position seen = append(Position.NOWHERE);
    append(seen);
    loseRecords();
    Position after = append(seen);
    assertThat(after.epoch()).isGreaterThan(seen.epoch());
    assertThat(log.poll(seen, 10).entries()).hasSize(2);
  }

  @Test
  void anotherServerOpensALaterEpoch() {
    Position seen = append(Position.NOWHERE);
    promote();
    Position after = append(Position.NOWHERE);
    assertThat(after.epoch()).isGreaterThan(seen.epoch());
    assertThat(append(after)).isEqualTo(next(after));
  }

  @Test
  void aCallerWhoHasSeenMoreThanTheLogHoldsOpensALaterEpoch() {
    Position seen = append(Position.NOWHERE);
    Position lost = new Position(seen.epoch(), seen.n() + 1);
    Position after = append(lost);
    assertThat(after.epoch()).isGreaterThan(seen.epoch());
    assertThat(append(lost)).as("only the first of two opens").isEqualTo(next(after));
  }

  @Test
  void anEpochIsGreaterThanAnyThatACallerHasSeen() {
    Position seen = append(Position.NOWHERE);
    Position future = new Position(seen.epoch() + 1_000_000, 3);
    assertThat(append(future).epoch()).isGreaterThan(future.epoch());
  }
}
