package larder.cache.outbox;

import static larder.cache.outbox.OutboxDatabase.byId;
import static larder.cache.outbox.OutboxDatabase.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import larder.cache.log.LogRecord;
import larder.cache.log.LogRecord.Everything;
import larder.cache.log.LogRecord.Heartbeat;
import larder.cache.log.LogRecord.Invalidation;
import larder.cache.log.Position;
import larder.cache.log.Source;
import larder.cache.log.Tags;
import larder.cache.log.node.FollowerListener;
import larder.cache.log.node.FollowerSettings;
import larder.cache.log.node.LogFollower;
import larder.cache.log.node.Poll;
import larder.cache.log.service.LogService;
import larder.cache.transaction.Outbox.Written;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A relay's turns one by one, on PostgreSQL and a log in memory, and what may come between. */
class RelayTurnIntegrationTests {

  private static final Duration BOUND = Duration.ofSeconds(2);

  private final OutboxDatabase db = new OutboxDatabase();
  private final TurnedLog log = new TurnedLog();
  private final Node node = new Node(log);
  private Connection session;
  private String system;

  /** A node that polls when told to, with a relay that takes a turn when told to. */
  private static final class Node {

    final LogFollower follower =
        new LogFollower(
            new FollowerSettings(BOUND, 1 << 12, Source.UNKNOWN_DATABASE),
            System::nanoTime,
            FollowerListener.NO_OP);
    final LogService service;
    final RelayTurn turns;

    Node(TurnedLog log) {
      this(log, "app");
    }

    Node(TurnedLog log, String application) {
      this.log = log;
      service = new LogService(log, follower, BOUND);
      turns = new RelayTurn(service, follower, application, /* heartbeatPauseNanos= */ -1);
    }

    private final TurnedLog log;

    void poll() {
      Poll poll = follower.poll();
      follower.polled(poll, log.poll(poll.cursor(), 100_000));
    }
  }

  @BeforeEach
  void connect() throws SQLException {
    db.run("create table users (id bigint primary key, name text)");
    db.watch(byId("users"));
    session = db.database.connect();
    system = OutboxLevel.system(session);
    join(node);
    log.appended();
  }

  private void join(Node joining) throws SQLException {
    joining.follower.relyOn(new Source(system, 0));
    turn(joining);
    joining.poll();
    turn(joining);
    joining.poll();
  }

  @AfterEach
  void disconnect() throws SQLException {
    session.close();
  }

  private @Nullable String turn(Node relay) throws SQLException {
    return relay.turns.take(session, system);
  }

  private void insert(int id) {
    db.run("insert into users values (" + id + ", 'x')");
  }

  private static Tags row(int id) {
    return Tags.of("t:users", "t:users:" + id);
  }

  private List<Tags> told() {
    return log.appended().stream().map(record -> ((Invalidation) record).tags()).toList();
  }

  @Test
  void aHistoryWithoutACursorIsToldThatEverythingMayHaveChanged() throws SQLException {
    TurnedLog other = new TurnedLog();
    Node newcomer = new Node(other);
    insert(1);
    join(newcomer);
    assertThat(other.appended()).containsExactly(Everything.RECORD);
    insert(2);
    turn(newcomer);
    assertThat(other.appended())
        .singleElement()
        .isInstanceOfSatisfying(Invalidation.class, r -> assertThat(r.tags()).isEqualTo(row(2)));
  }

  @Test
  void aCommitIsToldOnceUnderItsTransaction() throws SQLException {
    insert(1);
    assertThat(turn(node)).isNull();
    assertThat(log.appended())
        .singleElement()
        .isInstanceOfSatisfying(
            Invalidation.class,
            record -> {
              assertThat(record.tags()).isEqualTo(row(1));
              assertThat(Objects.requireNonNull(record.transaction()).issuer())
                  .startsWith("p:" + system + ":");
            });
    turn(node);
    assertThat(log.appended()).isEmpty();
  }

  @Test
  void aTransactionOfManyRowsIsOneRecord() throws SQLException {
    db.run("insert into users select g, 'x' from generate_series(1, 50) g");
    turn(node);
    assertThat(told()).singleElement().satisfies(tags -> assertThat(tags.size()).isEqualTo(51));
  }

  @Test
  void aTransactionThatCommitsAfterLaterOnesIsNotMissed() throws SQLException {
    try (Connection slow = db.database.connect()) {
      slow.setAutoCommit(false);
      run(slow, "insert into users values (1, 'early')");
      insert(2);
      turn(node);
      assertThat(told()).containsExactly(row(2));
      turn(node);
      slow.commit();
    }
    turn(node);
    assertThat(told()).containsExactly(row(1));
  }

  @Test
  void aHeartbeatClaimsNothingThatCommittedAfterItsRecordExisted() throws SQLException {
    turn(node);
    node.poll();
    AtomicLong committed = new AtomicLong();
    log.before(
        () -> {
          insert(1);
          committed.set(System.nanoTime());
        });
    turn(node);
    node.poll();
    assertThat(node.follower.currentAsOf()).isNotEqualTo(Long.MIN_VALUE);
    assertThat(node.follower.currentAsOf() - committed.get()).isNegative();
    assertThat(log.appended()).isEmpty();
  }

  @Test
  void twoRelaysOfOneLogDoNoHarmAndTellLittleTwice() throws SQLException {
    Node second = new Node(log);
    join(second);
    log.appended();
    insert(1);
    turn(node);
    second.poll();
    turn(second);
    assertThat(told()).containsExactly(row(1));
    insert(2);
    log.before(() -> takenBy(second));
    turn(node);
    assertThat(told()).containsExactly(row(2), row(2));
    insert(3);
    turn(node);
    assertThat(told()).containsExactly(row(3));
  }

  private void takenBy(Node relay) {
    try (Connection own = db.database.connect()) {
      relay.turns.take(own, system);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void twoLogsOnOneDatabaseEachHearOfEveryCommit() throws SQLException {
    TurnedLog other = new TurnedLog();
    Node elsewhere = new Node(other);
    join(elsewhere);
    other.appended();
    insert(1);
    turn(node);
    turn(elsewhere);
    assertThat(told()).containsExactly(row(1));
    assertThat(other.appended()).hasSize(1);
  }

  @Test
  void whatTheWriterHasToldIsNotToldAgain() throws SQLException {
    Written written;
    try (Connection writer = db.database.connect()) {
      writer.setAutoCommit(false);
      run(writer, "insert into users values (1, 'x')");
      written =
          Objects.requireNonNull(
              new PostgresOutbox(node.follower, new WatchedTables())
                  .write(writer, Tags.of("k:pages:7")));
      writer.commit();
    }
    assertThat(written.tags()).isEqualTo(row(1));
    Tags all = written.tags().and(Tags.of("k:pages:7"));
    node.service.append(new Invalidation(all, written.transaction()), System.nanoTime());
    log.appended();
    turn(node);
    assertThat(log.appended()).isEmpty();
  }

  @Test
  void whatAWriterCouldNotTellIsToldByTheRelay() throws SQLException {
    try (Connection writer = db.database.connect()) {
      writer.setAutoCommit(false);
      run(writer, "insert into users values (1, 'x')");
      new PostgresOutbox(node.follower, new WatchedTables()).write(writer, Tags.of("k:pages:7"));
      writer.commit();
    }
    turn(node);
    assertThat(told()).containsExactly(row(1).and(Tags.of("k:pages:7")));
  }

  @Test
  void whileTheLogIsAwayNothingIsLostAndNothingIsVouchedFor() throws SQLException {
    log.setAway(true);
    insert(1);
    assertThat(turn(node)).isEqualTo("the log does not answer");
    insert(2);
    assertThat(turn(node)).isEqualTo("the log does not answer");
    assertThat(node.turns.depth(session)).isEqualTo(2);
    log.setAway(false);
    assertThat(turn(node)).isNull();
    assertThat(told()).containsExactly(row(1), row(2));
    assertThat(node.turns.depth(session)).isZero();
  }

  @Test
  void anAppendThatAnotherHistoryAnswersDoesNotMoveTheCursor() throws SQLException {
    insert(1);
    log.before(log::wipe);
    assertThat(turn(node)).isNull();
    assertThat(node.turns.depth(session)).isEqualTo(1);
    log.appended();

    node.poll();
    turn(node);
    assertThat(log.appended()).containsExactly(Everything.RECORD);
    insert(2);
    turn(node);
    assertThat(told()).containsExactly(row(2));
  }

  @Test
  void anExpiredCursorMakesEverythingSuspectBeforeAnythingIsVouchedFor() throws SQLException {
    insert(1);
    db.run("update larder_outbox_cursor set seen = seen - interval '11 minutes'");
    TurnedLog other = new TurnedLog();
    Node elsewhere = new Node(other, "elsewhere");
    join(elsewhere);
    elsewhere.turns.purge(session);
    assertThat(db.ask("select log from larder_outbox_cursor"))
        .singleElement()
        .satisfies(id -> assertThat(id).startsWith("elsewhere:"));
    db.run("update larder_outbox set at = at - interval '11 minutes'");
    elsewhere.turns.purge(session);
    assertThat(db.ask("select 1 from larder_outbox")).isEmpty();

    turn(node);
    assertThat(log.appended()).containsExactly(Everything.RECORD);
  }

  @Test
  void rowsStayUntilEveryLogHasHadThemHoweverOldTheyAre() throws SQLException {
    TurnedLog other = new TurnedLog();
    Node elsewhere = new Node(other, "elsewhere");
    join(elsewhere);
    insert(1);
    turn(node);
    db.run("update larder_outbox set at = at - interval '11 minutes'");
    node.turns.purge(session);
    assertThat(elsewhere.turns.depth(session)).isEqualTo(1);
  }

  @Test
  void aServerThatAnotherHasSucceededIsNotVouchedFor() throws SQLException {
    turn(node);
    Heartbeat successor = node.follower.heartbeat(new Source(system, 99));
    log.heartbeat(Position.NOWHERE, successor);
    node.poll();
    assertThatThrownBy(() -> turn(node)).hasMessageContaining("another server has succeeded");
    log.appended();
    assertThatThrownBy(() -> turn(node)).hasMessageContaining("another server has succeeded");
    assertThat(log.appended()).as("flushed again and again").isEmpty();
  }

  @Test
  void aCursorOfAnotherServerOrTimelineCountsForNothing() throws SQLException {
    db.run("update larder_outbox_cursor set timeline = timeline + 1");
    turn(node);
    assertThat(log.appended()).containsExactly(Everything.RECORD);
    db.run("update larder_outbox_cursor set system = 'another', snapshot = '9000000:9000000:'");
    turn(node);
    assertThat(log.appended()).containsExactly(Everything.RECORD);
    insert(1);
    turn(node);
    assertThat(told()).containsExactly(row(1));
  }

  @Test
  void veryManyUnreadRowsAreToldAsEverything() throws SQLException {
    db.run(
        "insert into larder_outbox (tags, who) select '{t:users}', 'sql' from generate_series(1, "
            + (OutboxTables.MOST_ROWS + 1)
            + ")");
    turn(node);
    assertThat(log.appended()).containsExactly((LogRecord) Everything.RECORD);
    turn(node);
    assertThat(log.appended()).isEmpty();
  }

  @Test
  void aMigrationMakesEverythingSuspect() throws SQLException {
    db.run("insert into larder_outbox (tags, who) values ('{*}', 'migration')");
    insert(1);
    turn(node);
    assertThat(log.appended()).containsExactly((LogRecord) Everything.RECORD);
  }

  @Test
  void theFastPathLeavesATransactionThatWroteNothingAlone() throws SQLException {
    try (Connection reader = db.database.connect()) {
      reader.setAutoCommit(false);
      run(reader, "select 1 from users");
      assertThat(new PostgresOutbox(node.follower, new WatchedTables()).write(reader, Tags.NONE))
          .isNull();
      try (Statement ask = reader.createStatement();
          ResultSet layer =
              ask.executeQuery("select current_setting('larder.layer', true) = 'on'")) {
        layer.next();
        assertThat(layer.getBoolean(1)).as("what it writes now wakes the relays").isFalse();
      }
      reader.commit();
    }
  }

  @Test
  void aFailingOutboxDoesNotDoomTheTransaction() throws SQLException {
    db.run("alter table larder_outbox rename to gone");
    try (Connection writer = db.database.connect()) {
      writer.setAutoCommit(false);
      run(writer, "create table other (id int)");
      run(writer, "insert into other values (1)");
      assertThat(
              new PostgresOutbox(node.follower, new WatchedTables()).write(writer, Tags.of("c:x")))
          .isNull();
      run(writer, "insert into other values (2)");
      writer.commit();
    }
    assertThat(db.ask("select count(*) from other")).containsExactly("2");
  }
}
