package larder.nodes;

import static larder.nodes.Fleet.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.persistence.EntityManager;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import larder.cache.log.Tags;
import larder.cache.log.node.LogFollower;
import larder.cache.log.node.ServingRule;
import larder.cache.log.node.Stamp;
import larder.cache.outbox.OutboxRelay;
import larder.dev.servers.TestServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a node's own transactions have written, before their commit and right after it, on two nodes
 * that track and have the outbox.
 *
 * <p>A trigger keeps an audit of the items, of which only the database knows.
 */
class OwnWritesIntegrationTests {

  private static final Fleet FLEET = new Fleet(TestServers.redis());

  private static final Map<String, String> SETTINGS =
      Map.of(
          "spring.application.name", "own-writes-tests",
          "spring.flyway.enabled", "true",
          "spring.flyway.baseline-on-migrate", "true",
          "spring.flyway.locations", "classpath:larder/postgresql",
          "larder.outbox.tables", "item,audit",
          "larder.max-staleness", "20s",
          "larder.defaults.tracking", "true");

  private static Node first;
  private static Node second;

  @BeforeAll
  static void startNodes() throws SQLException {
    try (Connection connection = FLEET.database().connect();
        Statement statement = connection.createStatement()) {
      statement.execute("create table audit (item bigint)");
      statement.execute(
          """
          create function keep_audit() returns trigger language plpgsql as $$
          begin
            insert into audit values (new.id);
            return null;
          end $$
          """);
      statement.execute(
          "create trigger audit after update on item for each row execute function keep_audit()");
      statement.execute(
          """
          create function change_text(changed bigint, new_text varchar) returns varchar
          language sql as 'update item set text = $2 where id = $1 returning text'
          """);
    }
    first = FLEET.start(SETTINGS, TrackedItems.class).awaitCurrent();
    second = FLEET.start(SETTINGS, TrackedItems.class).awaitCurrent();
  }

  @AfterAll
  static void stopNodes() {
    FLEET.close();
  }

  @ParameterizedTest
  @MethodSource("larder.nodes.TrackingIntegrationTests#waysInATransaction")
  void whoHasWrittenSeesItBeforeTheCommitAndNobodyAfterARollback(TrackingIntegrationTests.Way way) {
    long id = FLEET.newItem("old");
    assertReads(first, id, "old");
    assertReads(second, id, "old");
    first
        .transaction()
        .executeWithoutResult(
            status -> {
              way.change(items(first), id, "never");
              first.bean(EntityManager.class).flush();
              assertReads(first, id, "never");
              answer(FLEET.run(() -> assertReads(first, id, "old")));
              answer(FLEET.run(() -> assertReads(second, id, "old")));
              status.setRollbackOnly();
            });
    assertReads(first, id, "old");
    assertReads(second, id, "old");
  }

  @Test
  void whoHasCalledWhatMayHaveWrittenAnythingReadsNoCache() {
    long id = FLEET.newItem("old");
    assertReads(first, id, "old");
    first
        .transaction()
        .executeWithoutResult(
            status -> {
              String call = "select change_text(?, 'never')";
              assertThat(first.jdbc().queryForList(call, String.class, id)).contains("never");
              assertReads(first, id, "never");
              answer(FLEET.run(() -> assertReads(first, id, "old")));
              status.setRollbackOnly();
            });
    assertReads(first, id, "old");
  }

  /** Hibernate flushes at the commit, so what triggers have told is there only after that. */
  @Test
  void aWriteTellsItselfWhatOnlyTriggersKnow() throws SQLException {
    long id = FLEET.newItem("old");
    try (Connection holding = holdRelays()) {
      Stamp evicted = shared(first, "k:items:" + id);
      Stamp triggered = shared(first, "t:audit");
      Stamp other = shared(first, "t:nothing");
      writeInTransaction(id);
      assertThat(serves(first, evicted)).isFalse();
      assertThat(serves(first, triggered)).isFalse();
      assertThat(serves(first, other)).isTrue();
      second.awaitAllOf(first);
      assertThat(serves(second, triggered)).isFalse();
      holding.rollback();
    }
  }

  /** With the evict inside of the transaction, which is around the annotated method. */
  private static void writeInTransaction(long id) {
    first.transaction().executeWithoutResult(status -> first.items().writeByJpa(id, "new"));
  }

  /** Should the node die at its commit, the relays find the evict in the writer's transaction. */
  @Test
  void aWriteLeavesItsEvictsInTheOutbox() {
    long id = FLEET.newItem("old");
    writeInTransaction(id);
    Integer found =
        first
            .jdbc()
            .queryForObject(
                "select count(*) from larder_outbox evict join larder_outbox told using (xid)"
                    + " where ? = any (evict.hashes) and ? = any (told.tags)",
                Integer.class,
                Tags.hash("k:items:" + id),
                "t:item:" + id);
    assertThat(found).isEqualTo(1);
  }

  @Test
  void whatTriggersTellTheLayerDoesNotLeaveInTheOutboxAgain() {
    long id = FLEET.newItem("old");
    first.bean(TrackedItems.class).changeEntity(id, "new");
    List<String> who =
        first
            .jdbc()
            .queryForList(
                "select who from larder_outbox where xid = (select max(xid::text)::xid8 from"
                    + " larder_outbox told where ? = any (told.tags))",
                String.class,
                "t:item:" + id);
    assertThat(who).containsOnly("sql");
  }

  /** What the relays tell of a write later ends nothing that was loaded since. */
  @Test
  void aWriteCostsOneMiss() throws SQLException {
    long id = FLEET.newItem("old");
    assertThat(items(first).byId(id)).isEqualTo("old");
    assertThat(items(second).byId(id)).isEqualTo("old");
    int before = loads(id);
    int after;
    try (Connection holding = holdRelays()) {
      items(first).changeEntity(id, "new");
      second.awaitAllOf(first);
      assertThat(items(first).byId(id)).isEqualTo("new");
      assertThat(items(second).byId(id)).isEqualTo("new");
      after = loads(id);
      assertThat(after).isBetween(before + 1, before + 2);
      assertThat(depth(holding)).isPositive();
      holding.rollback();
      await().until(() -> depth(holding) == 0);
    }
    second.awaitAllOf(first);
    first.awaitAllOf(second);
    assertThat(items(first).byId(id)).isEqualTo("new");
    assertThat(items(second).byId(id)).isEqualTo("new");
    assertThat(loads(id)).isEqualTo(after);
  }

  /** Keeps all relays from their next turn, until the connection's transaction ends. */
  private static Connection holdRelays() throws SQLException {
    Connection holding = FLEET.database().connect();
    holding.setAutoCommit(false);
    try (Statement statement = holding.createStatement()) {
      statement.execute("lock table larder_outbox_cursor in access exclusive mode");
    }
    return holding;
  }

  private static long depth(Connection connection) throws SQLException {
    return first.bean(OutboxRelay.class).depth(connection);
  }

  private static Stamp shared(Node node, String tag) {
    Stamp stamp = Stamp.remote(node.bean(LogFollower.class).position(), Tags.of(tag));
    assertThat(serves(node, stamp)).isTrue();
    return stamp;
  }

  private static boolean serves(Node node, Stamp stamp) {
    return node.bean(ServingRule.class).mayServe(stamp);
  }

  private static int loads(long id) {
    return first.hooks().reads("by-id " + id) + second.hooks().reads("by-id " + id);
  }

  private static void assertReads(Node node, long id, String text) {
    assertThat(items(node).byId(id)).isEqualTo(text);
    assertThat(items(node).byQuery(id)).isEqualTo(List.of(text));
    assertThat(items(node).byNative(id)).isEqualTo(List.of(text));
    assertThat(items(node).byJdbc(id)).isEqualTo(List.of(text));
  }

  private static TrackedItems items(Node node) {
    return node.bean(TrackedItems.class);
  }
}
