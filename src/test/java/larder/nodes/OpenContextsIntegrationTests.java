package larder.nodes;

import static larder.nodes.Fleet.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import larder.cache.log.service.LogService;
import larder.dev.servers.TestServers;
import org.hibernate.FlushMode;
import org.hibernate.Session;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.orm.jpa.EntityManagerFactoryUtils;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What the application has changed in memory only is shown to its own thread and nobody else. */
class OpenContextsIntegrationTests {

  private static final Fleet FLEET = new Fleet(TestServers.redis());
  private static Node node;

  @BeforeAll
  static void startNode() {
    node = FLEET.start(Map.of("spring.application.name", "open-contexts-tests")).awaitCurrent();
  }

  @AfterAll
  static void stopNode() {
    FLEET.close();
  }

  @Test
  void anUnchangedContextFillsTheCaches() {
    long id = FLEET.newItem("old");
    inOpenView(entities -> assertThat(node.items().findByJpa(id).text()).isEqualTo("old"));
    assertThat(node.items().findByJpa(id).text()).isEqualTo("old");
    assertThat(node.hooks().reads(id)).isEqualTo(1);
  }

  @Test
  void aChangeInAnOpenViewIsNotShared() {
    long id = FLEET.newItem("old");
    inOpenView(
        entities -> {
          entities.find(ItemRow.class, id).changeText("never");
          assertThat(node.items().findByJpa(id).text()).isEqualTo("never");
          assertOthersRead(id, "old");
        });
    assertThat(node.items().findByJpa(id).text()).isEqualTo("old");
  }

  @Test
  void whoHasChangedAnEntityIsNotAnsweredFromTheCache() {
    long id = FLEET.newItem("old");
    assertThat(node.items().findByJpa(id).text()).isEqualTo("old");
    inOpenView(
        entities -> {
          assertThat(node.items().findByJpa(id).text()).isEqualTo("old");
          assertThat(node.hooks().reads(id)).isEqualTo(1);
          entities.find(ItemRow.class, id).changeText("never");
          assertThat(node.items().findByJpa(id).text()).isEqualTo("never");
          assertOthersRead(id, "old");
        });
    assertThat(node.items().findByJpa(id).text()).isEqualTo("old");
  }

  @Test
  void whoHasChangedAnEntityInATransactionIsNotAnsweredFromTheCache() {
    long id = FLEET.newItem("old");
    assertThat(node.items().findByJpa(id).text()).isEqualTo("old");
    node.transaction()
        .executeWithoutResult(
            status -> {
              entities().find(ItemRow.class, id).changeText("never");
              assertThat(node.items().findByJpa(id).text()).isEqualTo("never");
              assertOthersRead(id, "old");
              status.setRollbackOnly();
            });
    assertThat(node.items().findByJpa(id).text()).isEqualTo("old");
  }

  @Test
  void aRemovalInAnOpenViewIsNotShared() {
    long id = FLEET.newItem("old");
    long other = FLEET.newItem("other");
    inOpenView(
        entities -> {
          entities.remove(entities.find(ItemRow.class, id));
          node.items().findByJpa(other);
        });
    node.items().findByJpa(other);
    assertThat(node.hooks().reads(other)).isEqualTo(2);
  }

  @Test
  void aChangeInAReadOnlyTransactionIsNotShared() {
    long id = FLEET.newItem("old");
    TransactionTemplate readOnly = node.transaction();
    readOnly.setReadOnly(true);
    readOnly.executeWithoutResult(
        status -> {
          entities().find(ItemRow.class, id).changeText("never");
          assertThat(node.items().findByJpa(id).text()).isEqualTo("never");
          assertOthersRead(id, "old");
        });
    assertThat(node.items().findByJpa(id).text()).isEqualTo("old");
  }

  @Test
  void entitiesReadBeforeInAReadOnlyTransactionKeepNothingBack() {
    long id = FLEET.newItem("old");
    long other = FLEET.newItem("other");
    TransactionTemplate readOnly = node.transaction();
    readOnly.setReadOnly(true);
    readOnly.executeWithoutResult(
        status -> {
          entities().find(ItemRow.class, other);
          node.items().findByJpa(id);
        });
    node.items().findByJpa(id);
    assertThat(node.hooks().reads(id)).isEqualTo(1);
  }

  /** The inner method's context is not the outer's, and what it shows is never written. */
  @Test
  void aChangeThatIsNeverFlushedIsNotSharedByACallAroundItsTransaction() {
    long id = FLEET.newItem("old");
    String key = "around " + id;
    String first = node.items().nested(key, any -> inTransactionThatNeverFlushes(id));
    assertThat(first).isEqualTo("never");
    assertThat(node.items().nested(key, any -> node.items().findByJpa(id).text())).isEqualTo("old");
  }

  @Test
  void aMethodThatChangesAnOpenViewHasItsValueForItselfAlone() {
    long id = FLEET.newItem("old");
    Gate gate = new Gate();
    Future<?> changing =
        FLEET.run(
            () ->
                inOpenView(
                    entities -> {
                      node.hooks()
                          .onceAfterReading(
                              id,
                              () -> {
                                entities.find(ItemRow.class, id).changeText("never");
                                gate.pass();
                              });
                      assertThat(node.items().findByJpa(id).text()).isEqualTo("never");
                    }));
    gate.awaitReached();
    Future<Item> joiner = FLEET.call(() -> node.items().findByJpa(id));
    gate.open();
    answer(changing);
    assertThat(answer(joiner).text()).isEqualTo("old");
    assertThat(node.items().findByJpa(id).text()).isEqualTo("old");
  }

  /** Nothing but time tells then that what the view shows is old. */
  @Test
  void aViewOlderThanTheBoundFillsNoCacheWhileRedisIsAway() {
    Map<String, String> settings =
        Map.of(
            "spring.application.name", "lonely-view-tests",
            "larder.max-staleness", "1s",
            "larder.remote.deadline", "100ms");
    try (Fleet own = new Fleet(TestServers.separateRedis())) {
      Node lonely = own.start(settings).awaitCurrent();
      long id = own.newItem("old");
      inOpenView(
          lonely,
          entities -> {
            entities.find(ItemRow.class, id);
            long read = System.nanoTime();
            own.redis().suspend();
            try {
              own.changeUnseen(id, "new");
              await()
                  .until(
                      () ->
                          System.nanoTime() - read > TimeUnit.SECONDS.toNanos(1)
                              && !lonely.bean(LogService.class).isCurrent());
              assertThat(lonely.items().findByJpa(id).text()).isEqualTo("old");
              Future<Item> other = own.call(() -> lonely.items().findByJpa(id));
              assertThat(answer(other).text()).isEqualTo("new");
            } finally {
              own.redis().resume();
            }
          });
    }
  }

  private static String inTransactionThatNeverFlushes(long id) {
    return Objects.requireNonNull(
        node.transaction()
            .execute(
                status -> {
                  entities().unwrap(Session.class).setHibernateFlushMode(FlushMode.MANUAL);
                  entities().find(ItemRow.class, id).changeText("never");
                  return node.items().findByJpa(id).text();
                }));
  }

  private interface Work {
    void run(EntityManager entities);
  }

  /** Has an entity manager bound to the thread, as for a web request, without a transaction. */
  private static void inOpenView(Work work) {
    inOpenView(node, work);
  }

  private static void inOpenView(Node on, Work work) {
    EntityManagerFactory factory = on.bean(EntityManagerFactory.class);
    EntityManager entities = factory.createEntityManager();
    TransactionSynchronizationManager.bindResource(factory, new EntityManagerHolder(entities));
    try {
      work.run(entities);
    } finally {
      TransactionSynchronizationManager.unbindResource(factory);
      EntityManagerFactoryUtils.closeEntityManager(entities);
    }
  }

  private static EntityManager entities() {
    return node.bean(EntityManager.class);
  }

  private static void assertOthersRead(long id, String text) {
    answer(FLEET.run(() -> assertThat(node.items().findByJpa(id).text()).isEqualTo(text)));
  }
}
