package larder.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import larder.cache.log.Tags;
import larder.cache.log.node.LogFollower;
import larder.cache.log.node.ServingRule;
import larder.cache.log.node.Stamp;
import larder.cache.outbox.OutboxRelay;
import larder.cache.outbox.RelayState;
import larder.cache.outbox.WatchedTables;
import larder.cache.transaction.Outbox;
import larder.cache.transaction.Outbox.Written;
import larder.dev.servers.TestServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DataSourceUtils;

/** Applications that install the outbox with one Flyway location and say nothing more. */
class OutboxIntegrationTests {

  private static final Fleet FLEET = new Fleet(TestServers.redis());

  private static final Map<String, String> INSTALLED =
      Map.of(
          "spring.application.name", "outbox-nodes",
          "spring.flyway.enabled", "true",
          "spring.flyway.baseline-on-migrate", "true",
          "spring.flyway.locations", "classpath:larder/postgresql",
          "larder.outbox.tables", "item");

  @AfterAll
  static void stop() {
    FLEET.close();
  }

  private static Stamp shared(Node node, String... tags) {
    return Stamp.remote(node.bean(LogFollower.class).position(), Tags.of(tags));
  }

  private static boolean serves(Node node, Stamp stamp) {
    return node.bean(ServingRule.class).mayServe(stamp);
  }

  @Test
  void oneLocationMakesNodesSeeWhatOtherProgramsChange() {
    Node node = FLEET.start(INSTALLED).awaitCurrent();
    assertThat(node.bean(OutboxRelay.class).state())
        .isEqualTo(new RelayState(RelayState.Level.OUTBOX, null));
    assertThat(node.bean(WatchedTables.class).names()).containsExactly("item");
    long id = FLEET.newItem("old");
    Stamp items = shared(node, "t:item");
    assertThat(serves(node, items)).isTrue();
    FLEET.changeUnseen(id, "new");
    await().atMost(Duration.ofSeconds(2)).until(() -> !serves(node, items));
  }

  @Test
  void aTransactionLearnsFromTheOutboxWhatOnlyTriggersKnow() {
    Node node = FLEET.start(INSTALLED).awaitCurrent();
    long id = FLEET.newItem("old");
    List<Written> found = new ArrayList<>();
    node.transaction()
        .executeWithoutResult(
            status -> {
              node.jdbc().update("update item set text = 'new' where id = ?", id);
              Connection own = DataSourceUtils.getConnection(node.bean(DataSource.class));
              Tags pending = Tags.of("k:items:" + id);
              found.add(Objects.requireNonNull(node.bean(Outbox.class).write(own, pending)));
            });
    assertThat(found.get(0).tags()).isEqualTo(Tags.of("t:item", "t:item:" + id));
  }

  @Test
  void theOutboxCanBeLeftAlone() {
    Map<String, String> settings = new HashMap<>(INSTALLED);
    settings.put("larder.outbox.enabled", "false");
    Node node = FLEET.start(settings).awaitCurrent();
    assertThat(node.bean(LogFollower.class).relyingOn().isLog()).isTrue();
  }

  @Test
  void aNewerNodesMigrationIsToldByTheSameTransaction() {
    Node node = FLEET.start(INSTALLED).awaitCurrent();
    List<String> told =
        node.jdbc()
            .queryForList(
                "select tags::text from larder_outbox where who = 'migration'", String.class);
    assertThat(told).containsOnly("{*}").isNotEmpty();
  }
}
