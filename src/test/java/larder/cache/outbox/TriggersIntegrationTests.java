package larder.cache.outbox;

import static larder.cache.outbox.OutboxDatabase.byId;
import static larder.cache.outbox.OutboxDatabase.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import larder.cache.LarderProperties.Triggers;
import larder.cache.tracking.MappedTable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Every way of changing a watched table is told, in the transaction that changes it. */
@ExtendWith(OutputCaptureExtension.class)
class TriggersIntegrationTests {

  private static final MappedTable USERS = byId("users");

  private final OutboxDatabase db = new OutboxDatabase();

  @BeforeEach
  void watchUsers() {
    db.run("create table users (id bigint primary key, name text, details json)");
    assertThat(db.watch(USERS).isWatched("public.Users")).isTrue();
    db.run("insert into users values (1, 'Ada', '{}')");
    db.forget();
  }

  @Test
  void aRowIsNamedByInsertUpdateAndDelete() {
    db.run("insert into users values (42, 'Grace', '{}')");
    assertThat(db.told()).containsExactly("t:users", "t:users:42");
    db.run("update users set name = 'Hopper' where id = 42");
    assertThat(db.told()).containsExactly("t:users", "t:users:42");
    db.run("delete from users where id = 42");
    assertThat(db.told()).containsExactly("t:users", "t:users:42");
  }

  @Test
  void anUpdateOfTheIdNamesBothRows() {
    db.run("update users set id = 7 where id = 1");
    assertThat(db.told()).containsExactly("t:users", "t:users:1", "t:users:7");
  }

  @Test
  void anUpdateThatChangesNothingTellsNothing() {
    db.run("update users set name = 'Ada' where id = 1");
    assertThat(db.told()).isEmpty();
  }

  @Test
  void everyRowTellsWhoseTransactionItWas() {
    assertThat(
            db.ask(
                "with x as (insert into users values (5, 'E', null)) select pg_current_xact_id()"))
        .isEqualTo(db.ask("select xid from larder_outbox"));
  }

  @Test
  void idsAreTextAsHibernateHasThem() {
    String uuid = "0b0e7a1c-6f0e-4a53-9c0a-0123456789ab";
    db.run(
        "create table tokens (id uuid primary key)",
        "create table words (\"Id\" text primary key)");
    db.watch(
        byId("tokens"), new MappedTable("words", "words", List.of("\"Id\""), /* rowTags= */ true));
    db.told();
    db.run("insert into tokens values ('" + uuid + "')", "insert into words values (' Ä:b ')");
    assertThat(db.told())
        .containsExactlyInAnyOrder("t:tokens", "t:tokens:" + uuid, "t:words", "t:words: Ä:b ");
  }

  @Test
  void aTableWithoutRowTagsNamesAllItsRowsOnce() {
    db.run("create table likes (a int, b int, primary key (a, b))");
    db.watch(new MappedTable("likes", "likes", List.of("a", "b"), /* rowTags= */ false));
    db.told();
    db.run("insert into likes select 1, g from generate_series(1, 5) g");
    assertThat(db.ask("select count(*) from larder_outbox")).containsExactly("1");
    assertThat(db.told()).containsExactly("a:likes", "t:likes");
  }

  @Test
  void aTableOfAHierarchyNamesTheRootsRow() {
    db.run("create table admins (user_id bigint primary key, since date)");
    db.watch(new MappedTable("admins", "users", List.of("user_id"), /* rowTags= */ true));
    db.told();
    db.run("insert into admins values (1, null)");
    assertThat(db.told()).containsExactly("t:admins", "t:users", "t:users:1");
  }

  @Test
  void beyondAHundredRowsATransactionNamesAllOnce() {
    db.run("insert into users select g, 'x' from generate_series(1001, 1400) g");
    assertThat(db.ask("select count(*) from larder_outbox")).containsExactly("101");
    assertThat(db.told()).contains("a:users", "t:users", "t:users:1001");
    db.run("update users set name = 'y' where id = 1001");
    assertThat(db.told()).containsExactly("t:users", "t:users:1001");
  }

  @Test
  void aRollbackToASavepointTakesItsRowsAndItsCountBack() throws SQLException {
    try (Connection session = db.database.connect()) {
      session.setAutoCommit(false);
      run(session, "savepoint before");
      run(session, "insert into users select g, 'x' from generate_series(1001, 1400) g");
      run(session, "rollback to savepoint before");
      run(session, "insert into users values (2, 'Grace', null)");
      session.commit();
    }
    assertThat(db.told()).containsExactly("t:users", "t:users:2");
  }

  @Test
  void aRollbackTellsNothing() throws SQLException {
    try (Connection session = db.database.connect()) {
      session.setAutoCommit(false);
      run(session, "delete from users");
      session.rollback();
    }
    assertThat(db.told()).isEmpty();
  }

  @Test
  void aReplicasSessionTellsToo() {
    db.run("set session_replication_role = replica", "update users set name = 'A' where id = 1");
    assertThat(db.told()).containsExactly("t:users", "t:users:1");
  }

  @Test
  void truncateNamesAllRows() {
    db.run("truncate users");
    assertThat(db.told()).containsExactly("a:users", "t:users");
  }

  @Test
  void copyIsToldRowByRow() {
    db.run("copy users (id, name) from program 'printf \"8\\tEight\\n\"'");
    assertThat(db.told()).containsExactly("t:users", "t:users:8");
  }

  @Test
  void aCascadeIsToldForTheOtherTable() {
    db.run(
        "create table posts (id bigint primary key, author bigint references users on delete"
            + " cascade)");
    db.watch(byId("posts"));
    db.run("insert into posts values (70, 1)");
    db.told();
    db.run("delete from users where id = 1");
    assertThat(db.told()).containsExactly("t:posts", "t:posts:70", "t:users", "t:users:1");
    db.run("truncate users cascade");
    assertThat(db.told()).containsExactly("a:posts", "a:users", "t:posts", "t:users");
  }

  @Test
  void aPlainRoleWritesWithoutRightsOnTheOutbox() throws SQLException {
    String role = "plain_" + Long.toString(System.nanoTime(), 36);
    db.run(
        "create role " + role + " login password 'plain'",
        "grant select, insert, update, delete on users to " + role);
    try (Connection session = DriverManager.getConnection(db.database.url(), role, "plain")) {
      run(session, "set search_path = pg_temp");
      run(session, "create temp table larder_outbox (tags text[], who text, wakes boolean)");
      run(session, "update public.users set name = 'Z' where id = 1");
    }
    assertThat(db.told()).containsExactly("t:users", "t:users:1");
    db.run("revoke all on users from " + role, "drop owned by " + role, "drop role " + role);
  }

  @Test
  void aWriterCannotLoseWhatOthersHaveSeen() throws SQLException {
    try (Connection session = db.database.connect()) {
      session.setAutoCommit(false);
      run(session, "set local synchronous_commit = off");
      run(session, "update users set name = 'B' where id = 1");
      assertThat(one(session, "show synchronous_commit")).isEqualTo("on");
      session.rollback();
    }
  }

  @Test
  void partitionsAreToldUnderTheNameOfTheirTable() {
    db.run(
        "create table events (id bigint, day int, primary key (id, day)) partition by list (day)",
        "create table events_1 partition of events for values in (1)");
    MappedTable events = byId("events");
    WatchedTables watched = new WatchedTables();
    Watch watch = new Watch(() -> List.of(events), Triggers.CREATE, watched);
    db.look(watch);
    assertThat(watched.isWatched("events")).isTrue();
    db.told();

    db.run("insert into events values (3, 1)");
    assertThat(db.told()).containsExactly("t:events", "t:events:3");
    db.run("update events_1 set id = 4");
    assertThat(db.told()).containsExactly("t:events", "t:events:3", "t:events:4");
    db.run("truncate events_1");
    assertThat(db.told()).containsExactly("a:events", "t:events");
    db.run("truncate events");
    assertThat(db.told()).containsExactly("a:events", "t:events");

    db.run(
        "create table events_2 (id bigint not null, day int not null)",
        "insert into events_2 values (9, 2)",
        "alter table events attach partition events_2 for values in (2)");
    db.look(watch);
    assertThat(watched.isWatched("events")).isTrue();
    assertThat(db.told()).containsExactly("a:events", "t:events");
    db.run("truncate events_2");
    assertThat(db.told()).containsExactly("a:events", "t:events");
  }

  @Test
  void aPartitionThatLeavesOrComesBackWatchedIsNoticedAndItsValuesAreCondemned() {
    db.run(
        "create table events (id bigint, day int, primary key (id, day)) partition by list (day)",
        "create table events_1 partition of events for values in (1)");
    MappedTable events = byId("events");
    WatchedTables watched = new WatchedTables();
    Watch watch = new Watch(() -> List.of(events), Triggers.CREATE, watched);
    db.look(watch);
    db.told();

    db.run("alter table events detach partition events_1");
    db.look(watch);
    assertThat(watched.isWatched("events")).isTrue();
    assertThat(db.told()).containsExactly("a:events", "t:events");

    new TableTriggers(events).create("events_1", /* partition= */ false).forEach(db::run);
    db.run(
        "drop trigger if exists larder_outbox_row on events_1",
        "alter table events attach partition events_1 for values in (1)");
    db.look(watch);
    assertThat(watched.isWatched("events")).isTrue();
    assertThat(db.told()).containsExactly("a:events", "t:events");
    db.look(watch);
    assertThat(db.told()).isEmpty();
  }

  @Test
  void aRenamedColumnDoesNotMakeWritesFail() {
    db.run("alter table users rename id to uid");
    assertThatCode(() -> db.run("update users set name = 'C'")).doesNotThrowAnyException();
    assertThat(db.told()).containsExactly("a:users", "t:users");
  }

  @Test
  void aTableThatIsSwappedOrSilencedIsNoticedAndItsValuesAreCondemned(CapturedOutput output) {
    WatchedTables watched = new WatchedTables();
    Watch watch = new Watch(() -> List.of(USERS), Triggers.CHECK, watched);
    db.look(watch);
    assertThat(watched.isWatched("users")).isTrue();
    assertThat(db.told()).isEmpty();

    db.run("alter table users disable trigger larder_outbox_row");
    db.look(watch);
    assertThat(watched.isWatched("users")).isFalse();
    assertThat(db.told()).containsExactly("a:users", "t:users");
    assertThat(output).contains("Tables without live triggers: users", "enable always trigger");

    db.run("alter table users enable always trigger larder_outbox_row");
    db.look(watch);
    assertThat(watched.isWatched("users")).isTrue();
    assertThat(db.told()).containsExactly("a:users", "t:users");

    db.run(
        "alter table users rename to users_old",
        "create table users (id bigint primary key, name text)");
    db.look(watch);
    assertThat(watched.isWatched("users")).isFalse();
    assertThat(db.told()).containsExactly("a:users", "t:users");
  }

  @Test
  void aTableSwappedByAWatchedOneIsNoticedAndItsValuesAreCondemned() {
    WatchedTables watched = new WatchedTables();
    Watch watch = new Watch(() -> List.of(USERS), Triggers.CHECK, watched);
    db.look(watch);
    db.run("create table users_next (like users including all)");
    new TableTriggers(USERS).create("users_next", /* partition= */ false).forEach(db::run);
    assertThat(db.told()).isEmpty();

    db.run("alter table users rename to users_old", "alter table users_next rename to users");
    db.look(watch);
    assertThat(watched.isWatched("users")).isTrue();
    assertThat(db.told()).containsExactly("a:users", "t:users");
    db.look(watch);
    assertThat(db.told()).isEmpty();
  }

  @Test
  void whatMayNotBeCreatedIsSaidAsSql(CapturedOutput output) {
    db.run("create table plain (id int primary key)");
    WatchedTables watched = db.watch(Triggers.CHECK, byId("plain"), byId("missing"));
    assertThat(watched.names()).isEmpty();
    assertThat(output).contains("missing, plain");
    String printed = output.getOut();
    int from = printed.indexOf("create or replace trigger");
    db.run(
        printed.substring(from, printed.indexOf("array['", from)).replaceAll(";\\s+insert.*", ""));
    assertThat(db.watch(Triggers.CHECK, byId("plain")).isWatched("plain")).isTrue();
  }

  @Test
  void aViewIsNotWatched() {
    db.run("create view names as select name from users");
    assertThat(db.watch(new MappedTable("names", "names", List.of(), false)).names()).isEmpty();
  }

  private static String one(Connection session, String query) throws SQLException {
    try (var statement = session.createStatement();
        var rows = statement.executeQuery(query)) {
      rows.next();
      return String.valueOf(rows.getString(1));
    }
  }
}
