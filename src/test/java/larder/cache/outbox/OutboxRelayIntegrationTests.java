package larder.cache.outbox;

import static larder.cache.outbox.OutboxDatabase.byId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import larder.cache.log.Source;
import larder.cache.log.node.Stamp;
import larder.cache.outbox.RelayState.Level;
import larder.dev.ShortWaits;
import larder.dev.servers.Database;
import larder.dev.servers.Loopback;
import larder.dev.servers.PostgresServer;
import larder.dev.servers.Programs;
import larder.dev.servers.RedisServer;
import larder.dev.servers.TestServers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Relays at work, on PostgreSQL and Redis: what other programs commit is seen within the bound. */
@ExtendWith({OutputCaptureExtension.class, ShortWaits.class})
class OutboxRelayIntegrationTests {

  private static final AtomicInteger APPLICATIONS = new AtomicInteger();

  private final String application = "relay-" + APPLICATIONS.incrementAndGet();
  private final List<AutoCloseable> open = new ArrayList<>();

  private RelayNode node(Database database, String redis) {
    RelayNode node = new RelayNode(database, redis, application, byId("users"));
    open.add(0, node);
    return node;
  }

  private static OutboxDatabase database() {
    return withUsers(new OutboxDatabase());
  }

  private static OutboxDatabase withUsers(OutboxDatabase db) {
    db.run(
        "create table users (id bigint primary key, name text)",
        "insert into users select g, 'x' from generate_series(1, 100) g");
    return db;
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  @Test
  void whatAnotherProgramCommitsIsSeenByEveryNodeInAFewMilliseconds() {
    OutboxDatabase db = database();
    RelayNode first = node(db.database, TestServers.redis().url()).awaitCurrent();
    RelayNode second = node(db.database, TestServers.redis().url()).awaitCurrent();
    assertThat(first.watched.isWatched("users")).isTrue();
    List<Long> micros = new ArrayList<>();
    for (int i = 1; i <= 60; i++) {
      Stamp row = second.shared("t:users:" + i, "a:users");
      Stamp other = second.shared("t:users:" + (i + 1), "a:users");
      db.run("update users set name = name || 'y' where id = " + i);
      long committed = System.nanoTime();
      second.awaitStale(row);
      micros.add((System.nanoTime() - committed) / 1_000);
      assertThat(second.rule.mayServe(other)).as("another row").isTrue();
    }
    Collections.sort(micros);
    System.out.printf(
        "Seen by a node after a commit of another program: p50 %d us, worst %d us%n",
        micros.get(30), micros.get(59));
    assertThat(micros.get(30)).isLessThan(100_000);
  }

  @Test
  void aNodeRestsOnTheOutboxAndNotOnHeartbeatsOfTheLogAlone() {
    OutboxDatabase db = database();
    RelayNode node = node(db.database, TestServers.redis().url()).awaitCurrent();
    assertThat(node.relay.state()).isEqualTo(new RelayState(Level.OUTBOX, null));
    assertThat(node.follower.relyingOn().isLog()).isFalse();
    node.relay.stop();
    await().atMost(Duration.ofSeconds(10)).until(() -> !node.service.isCurrent());
    for (int i = 0; i < 3; i++) {
      var unused = node.service.beat(node.follower.heartbeat(Source.LOG));
    }
    assertThat(node.service.isCurrent()).isFalse();
  }

  @Test
  void oneRelayServesEveryNode() {
    OutboxDatabase db = database();
    RelayNode first = node(db.database, TestServers.redis().url()).awaitCurrent();
    RelayNode second = node(db.database, TestServers.redis().url()).awaitCurrent();
    second.relay.stop();
    Stamp row = second.shared("t:users:1");
    db.run("delete from users where id = 1");
    second.awaitStale(row);
    await()
        .during(RelayNode.BOUND.plusMillis(500))
        .atMost(Duration.ofSeconds(10))
        .until(second.service::isCurrent);
    assertThat(first.service.isCurrent()).isTrue();
  }

  @Test
  void withoutAnOutboxTheLogAloneKeepsANodeCurrent(CapturedOutput output) {
    RelayNode node = node(TestServers.freshDatabase(), TestServers.redis().url());
    node.awaitCurrent();
    assertThat(node.relay.state()).isEqualTo(new RelayState(Level.LOG, null));
    assertThat(node.follower.relyingOn()).isEqualTo(Source.LOG);
    assertThat(output).contains("add classpath:larder/postgresql to spring.flyway.locations");
  }

  @Test
  void withoutAConnectionOfItsOwnARelayUsesThePools() {
    OutboxDatabase db = database();
    RelayNode node =
        new RelayNode(
            null,
            RelayNode.dataSource(db.database),
            TestServers.redis().url(),
            application,
            byId("users"));
    open.add(node);
    Stamp row = node.awaitCurrent().shared("t:users:1");
    db.run("delete from users where id = 1");
    node.awaitStale(row);
    assertThat(node.service.isCurrent()).isTrue();
  }

  @Test
  void aRelayNeedsNoMoreThanTheRightsOnItsTables() throws SQLException {
    OutboxDatabase db = database();
    String role = "relay_" + Long.toString(System.nanoTime(), 36);
    db.watch(byId("users"));
    db.run("create role " + role + " login password 'relay'");
    Database plain = new Database(db.database.url(), role, "relay");
    try (Connection session = plain.connect()) {
      assertThat(OutboxLevel.missing(session))
          .hasValueSatisfying(r -> assertThat(r).contains("grant"));
    }
    db.run(
        "grant select, insert, update, delete on larder_outbox, larder_outbox_cursor to " + role);
    RelayNode node = node(plain, TestServers.redis().url()).awaitCurrent();
    assertThat(node.relay.state()).isEqualTo(new RelayState(Level.OUTBOX, null));
    assertThat(node.watched.isWatched("users")).isTrue();
    Stamp row = node.shared("t:users:1");
    db.run("delete from users where id = 1");
    node.awaitStale(row);
  }

  @Test
  void aRelayLooksWhereTheApplicationsConnectionsLook() {
    OutboxDatabase db = database();
    db.run(
        "create schema shop",
        "alter table users set schema shop",
        "alter table larder_outbox set schema shop",
        "alter table larder_outbox_cursor set schema shop");
    DriverManagerDataSource pool =
        new DriverManagerDataSource(
            db.database.url() + "?currentSchema=shop,public",
            db.database.user(),
            db.database.password());
    RelayNode node =
        new RelayNode(
            RelayNode.dataSource(db.database), pool, TestServers.redis().url(), application);
    open.add(node);
    node.awaitCurrent();
    assertThat(node.relay.state().level()).isEqualTo(Level.OUTBOX);
  }

  @Test
  void whatIsCommittedWhileRedisIsDownIsCondemnedWhenItIsBack(CapturedOutput output) {
    OutboxDatabase db = database();
    RedisServer redis = TestServers.separateRedis();
    open.add(redis);
    RelayNode node = node(db.database, redis.url()).awaitCurrent();
    Stamp hung = node.shared("t:users:1");
    redis.suspend();
    db.run("update users set name = 'hung' where id = 1");
    await().atMost(Duration.ofSeconds(15)).until(() -> node.relay.state().trouble() != null);
    await()
        .untilAsserted(
            () ->
                assertThat(output)
                    .contains("The outbox relay cannot work: the log does not answer"));
    redis.resume();
    node.awaitStale(hung);
    node.awaitCurrent();
    assertThat(node.rule.mayServe(hung)).isFalse();

    Stamp lost = node.shared("t:users:2");
    redis.kill();
    db.run("update users set name = 'gone' where id = 2");
    redis.start();
    node.awaitStale(lost);
    await().atMost(Duration.ofSeconds(20)).until(() -> node.relay.state().trouble() == null);
    node.awaitCurrent();
    assertThat(node.rule.mayServe(lost)).isFalse();
    await().untilAsserted(() -> assertThat(output).contains("The outbox relay works again"));
  }

  @Test
  void aServerOfItsOwnMayPrepareTransactionsAndBeRestarted(@TempDir Path folder)
      throws SQLException, IOException {
    PostgresServer server = start(folder, Loopback.freePort());
    try {
      OutboxDatabase db = withUsers(new OutboxDatabase(server.createDatabase("own")));
      RelayNode node = node(db.database, TestServers.redis().url()).awaitCurrent();
      Stamp prepared = node.shared("t:users:1");
      Stamp later = node.shared("t:users:2");
      db.run("begin", "update users set name = 'p' where id = 1", "prepare transaction 'one'");
      db.run("update users set name = 'l' where id = 2");
      node.awaitStale(later);
      assertThat(node.rule.mayServe(prepared)).isTrue();
      db.run("commit prepared 'one'");
      node.awaitStale(prepared);

      server.stop();
      await().atMost(Duration.ofSeconds(15)).until(() -> node.relay.state().trouble() != null);
      await().atMost(Duration.ofSeconds(15)).until(() -> !node.service.isCurrent());
      start(folder, server.port());
      node.awaitCurrent();
      Stamp row = node.shared("t:users:3");
      db.run("update users set name = 'r' where id = 3");
      node.awaitStale(row);
      node.close();
      open.remove(node);
    } finally {
      server.stop();
    }
  }

  private static PostgresServer start(Path folder, int port) throws IOException {
    Path home = new Programs(Programs.SHARED_FOLDER, System.out::println).postgres();
    Path data = folder.resolve("data");
    if (!Files.exists(data)) {
      PostgresServer.initialise(home, data);
    }
    return PostgresServer.start(
        home, data, port, List.of("max_prepared_transactions=5", "fsync=off"));
  }
}
