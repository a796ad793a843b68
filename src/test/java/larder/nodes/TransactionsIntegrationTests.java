package larder.nodes;

import static larder.nodes.Fleet.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.transaction.TransactionDefinition.ISOLATION_REPEATABLE_READ;
import static org.springframework.transaction.TransactionDefinition.PROPAGATION_NESTED;
import static org.springframework.transaction.TransactionDefinition.PROPAGATION_NOT_SUPPORTED;
import static org.springframework.transaction.TransactionDefinition.PROPAGATION_REQUIRED;
import static org.springframework.transaction.TransactionDefinition.PROPAGATION_REQUIRES_NEW;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import larder.dev.servers.TestServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A transaction sees its own writes, nobody else sees them early, and a rollback leaves nothing.
 */
class TransactionsIntegrationTests {

  private static final Fleet FLEET = new Fleet(TestServers.redis());
  private static Node first;
  private static Node second;

  @BeforeAll
  static void startNodes() {
    Map<String, String> settings = Map.of("spring.application.name", "transactions-tests");
    first = FLEET.start(settings).awaitCurrent();
    second = FLEET.start(settings).awaitCurrent();
  }

  @AfterAll
  static void stopNodes() {
    FLEET.close();
  }

  @Test
  void readersBetweenEvictAndCommitLeaveNothingStale() {
    long id = warm("old");
    inTransaction(
        () -> {
          first.items().writeInTransaction(id, "new");
          assertOthersRead(id, "old");
        });
    second.awaitAllOf(first);
    assertEverybodyReads(id, "new");
  }

  @Test
  void readThatSpansTheCommitLeavesNothingStale() {
    long id = warm("old");
    Gate gate = new Gate();
    second.hooks().onceAfterReading(id, gate::pass);
    Future<Item> reader =
        first
            .transaction()
            .execute(
                status -> {
                  first.items().writeInTransaction(id, "new");
                  answer(FLEET.run(() -> second.items().clear()));
                  Future<Item> started = FLEET.call(() -> second.items().find(id));
                  gate.awaitReached();
                  return started;
                });
    gate.open();
    answer(reader);
    second.awaitAllOf(first);
    assertEverybodyReads(id, "new");
  }

  @Test
  void transactionSeesItsOwnWritesAndNobodyElseDoes() {
    long id = warm("old");
    inTransaction(
        () -> {
          first.items().put(id, "new");
          assertThat(first.items().find(id).text()).isEqualTo("new");
          assertOthersRead(id, "old");
        });
    assertThat(first.items().find(id).text()).isEqualTo("new");
    second.awaitAllOf(first);
    assertEverybodyReads(id, "new");
  }

  @Test
  void rolledBackPutIsNeverServed() {
    long id = warm("old");
    rolledBack(() -> first.items().put(id, "never"));
    assertEverybodyReads(id, "old");
  }

  @Test
  void rollbackLeavesNoTrace() {
    long id = warm("old");
    int reads = first.hooks().reads(id) + second.hooks().reads(id);
    var before = first.position();
    rolledBack(
        () -> {
          first.items().writeInTransaction(id, "never");
          first.items().put(id, "never");
          first.items().clear();
        });
    for (Node node : List.of(first, second)) {
      assertThat(node.items().find(id).text()).isEqualTo("old");
    }
    assertThat(first.hooks().reads(id) + second.hooks().reads(id))
        .as("loads before and after")
        .isEqualTo(reads);
    assertThat(before.epoch()).isEqualTo(first.position().epoch());
  }

  @Test
  void uncommittedValueReadInATransactionIsNotShared() {
    long id = FLEET.newItem("old");
    rolledBack(
        () -> {
          first.jdbc().update("update item set text = 'never' where id = ?", id);
          assertThat(first.items().find(id).text()).isEqualTo("never");
        });
    assertEverybodyReads(id, "old");
  }

  @Test
  void uncommittedValueReachesNoJoiner() {
    long id = FLEET.newItem("old");
    Gate gate = new Gate();
    first.hooks().onceAfterReading(id, gate::pass);
    Future<?> writer =
        FLEET.run(
            () ->
                rolledBack(
                    () -> {
                      first.jdbc().update("update item set text = 'never' where id = ?", id);
                      first.items().find(id);
                    }));
    gate.awaitReached();
    Future<Item> reader = FLEET.call(() -> first.items().find(id));
    assertThat(answer(reader).text()).isEqualTo("old");
    gate.open();
    answer(writer);
    assertEverybodyReads(id, "old");
  }

  /** Nothing is thrown: the transaction is only marked. */
  @Test
  void valueMadeInATransactionThatGivesUpIsNotShared() {
    long id = FLEET.newItem("old");
    String key = "given up " + id;
    assertThat(first.items().nested(key, any -> readAfterWrite(id, /* givesUp= */ true)))
        .isEqualTo("never");
    assertThat(first.items().nested(key, any -> first.items().find(id).text())).isEqualTo("old");
    assertEverybodyReads(id, "old");
  }

  @Test
  void valueMadeInATransactionThatCommitsIsShared() {
    long id = FLEET.newItem("old");
    String key = "committed " + id;
    first.items().nested(key, any -> readAfterWrite(id, /* givesUp= */ false));
    assertThat(first.items().nested(key, any -> "another load")).isEqualTo("never");
  }

  @Test
  void putOfATransactionThatGivesUpIsNeverServed() {
    long id = warm("old");
    first.items().putAndGiveUp(id, "never");
    second.awaitAllOf(first);
    assertEverybodyReads(id, "old");
  }

  private static String readAfterWrite(long id, boolean givesUp) {
    return Objects.requireNonNull(
        first
            .transaction()
            .execute(
                status -> {
                  first.jdbc().update("update item set text = 'never' where id = ?", id);
                  if (givesUp) {
                    status.setRollbackOnly();
                  }
                  return first.items().find(id).text();
                }));
  }

  @Test
  void innerTransactionIsSeenThoughTheOuterRollsBack() {
    long inner = warm("old");
    long outer = warm("old");
    rolledBack(
        () -> {
          first.items().put(outer, "never");
          inNew(PROPAGATION_REQUIRES_NEW, () -> first.items().put(inner, "new"));
          assertThat(first.items().find(outer).text()).isEqualTo("never");
          second.awaitAllOf(first);
          assertOthersRead(inner, "new");
        });
    assertEverybodyReads(inner, "new");
    assertEverybodyReads(outer, "old");
  }

  @Test
  void innerTransactionThatRollsBackLeavesTheOuter() {
    long inner = warm("old");
    long outer = warm("old");
    inTransaction(
        () -> {
          first.items().put(outer, "new");
          first
              .transaction(PROPAGATION_REQUIRES_NEW)
              .executeWithoutResult(
                  status -> {
                    first.items().put(inner, "never");
                    status.setRollbackOnly();
                  });
        });
    second.awaitAllOf(first);
    assertEverybodyReads(inner, "old");
    assertEverybodyReads(outer, "new");
  }

  @Test
  void putOfARolledBackSavepointIsNeverServed() {
    long before = warm("old");
    long within = warm("old");
    inJdbcTransaction(
        () -> {
          first.items().put(before, "new");
          first
              .jdbcTransaction(PROPAGATION_NESTED)
              .executeWithoutResult(
                  status -> {
                    first.items().put(within, "never");
                    status.setRollbackOnly();
                  });
          assertThat(first.items().find(within).text()).isEqualTo("old");
        });
    second.awaitAllOf(first);
    assertEverybodyReads(before, "new");
    assertEverybodyReads(within, "old");
  }

  @Test
  void putOfTheSameKeyBeforeARolledBackSavepointIsWhatCounts() {
    long id = warm("old");
    inJdbcTransaction(
        () -> {
          first.items().put(id, "new");
          first
              .jdbcTransaction(PROPAGATION_NESTED)
              .executeWithoutResult(
                  status -> {
                    first.items().put(id, "never");
                    status.setRollbackOnly();
                  });
        });
    second.awaitAllOf(first);
    assertEverybodyReads(id, "new");
  }

  @Test
  void writeOutsideOfTheSuspendedTransactionIsSeenAtOnce() {
    long id = warm("old");
    rolledBack(
        () -> {
          inNew(PROPAGATION_NOT_SUPPORTED, () -> first.items().write(id, "new"));
          second.awaitAllOf(first);
          assertOthersRead(id, "new");
        });
    assertEverybodyReads(id, "new");
  }

  @Test
  void writeOfAnInnerTransactionIsSeenThoughTheOuterRollsBack() {
    long id = warm("old");
    rolledBack(
        () -> {
          first.items().writeInNewTransaction(id, "new");
          second.awaitAllOf(first);
          assertOthersRead(id, "new");
        });
    assertEverybodyReads(id, "new");
  }

  @Test
  void putOfAnInnerTransactionIsSeenThoughTheOuterRollsBack() {
    long id = warm("old");
    rolledBack(() -> first.items().putInNewTransaction(id, "new"));
    second.awaitAllOf(first);
    assertEverybodyReads(id, "new");
  }

  @Test
  void clearOutsideOfTheSuspendedTransactionIsSeenThoughThatRollsBack() {
    long id = warm("old");
    rolledBack(() -> first.items().writeWithoutTransactionAndClear(id, "new"));
    second.awaitAllOf(first);
    assertEverybodyReads(id, "new");
  }

  @Test
  void readOnlyTransactionFillsTheCaches() {
    long id = FLEET.newItem("old");
    readOnly(first).executeWithoutResult(status -> first.items().find(id));
    assertThat(first.items().find(id).text()).isEqualTo("old");
    assertThat(first.hooks().reads(id)).isEqualTo(1);
  }

  @Test
  void readFromASnapshotOlderThanAWriteLeavesNothingStale() {
    long id = FLEET.newItem("old");
    TransactionTemplate snapshot = readOnly(first);
    snapshot.setIsolationLevel(ISOLATION_REPEATABLE_READ);
    snapshot.executeWithoutResult(
        status -> {
          first.jdbc().queryForObject("select 1", Integer.class);
          answer(FLEET.run(() -> second.items().write(id, "new")));
          first.awaitAllOf(second);
          assertThat(first.items().find(id).text()).as("the snapshot").isEqualTo("old");
        });
    assertEverybodyReads(id, "new");
  }

  @Test
  void changesOfSeveralCachesCommitTogether() {
    long id = warm("old");
    first.items().optional(id);
    first.items().texts(id);
    first.items().writeEverywhere(id, "new");
    second.awaitAllOf(first);
    for (Node node : List.of(first, second)) {
      assertThat(node.items().find(id).text()).isEqualTo("new");
      assertThat(node.items().optional(id)).contains(new Item(id, "new"));
      assertThat(node.items().texts(id)).first().isEqualTo("new");
    }
  }

  @Test
  void evictBeforeInvocationHoldsForReadersMeanwhile() {
    long id = warm("old");
    first.hooks().onceAfterReading("before " + id, () -> assertOthersRead(id, "old"));
    first.items().writeEvictingBefore(id, "new");
    second.awaitAllOf(first);
    assertEverybodyReads(id, "new");
  }

  @Test
  void evictBeforeInvocationInAnOuterTransactionHolds() {
    long id = warm("old");
    inTransaction(
        () -> {
          first.items().writeEvictingBefore(id, "new");
          assertOthersRead(id, "old");
        });
    second.awaitAllOf(first);
    assertEverybodyReads(id, "new");
  }

  @Test
  void failureOfAnotherCallbackAfterCommitLosesNothing() {
    long id = warm("old");
    assertThatThrownBy(
            () ->
                inTransaction(
                    () -> {
                      TransactionSynchronizationManager.registerSynchronization(new Failing());
                      first.items().writeInTransaction(id, "new");
                    }))
        .isInstanceOf(IllegalStateException.class);
    second.awaitAllOf(first);
    assertEverybodyReads(id, "new");
  }

  @Test
  void changeOfAManagedEntityIsSeenAfterItsCommit() {
    long id = FLEET.newItem("old");
    for (Node node : List.of(first, second)) {
      assertThat(node.items().findByJpa(id).text()).isEqualTo("old");
    }
    first.items().writeByJpa(id, "new");
    second.awaitAllOf(first);
    for (Node node : List.of(first, second)) {
      assertThat(node.items().findByJpa(id).text()).isEqualTo("new");
    }
  }

  /** A callback of somebody else. */
  private static final class Failing implements TransactionSynchronization {
    @Override
    public void afterCommit() {
      throw new IllegalStateException("somebody else's");
    }
  }

  private static long warm(String text) {
    long id = FLEET.newItem(text);
    first.items().find(id);
    second.items().find(id);
    return id;
  }

  private static TransactionTemplate readOnly(Node node) {
    TransactionTemplate template = node.transaction();
    template.setReadOnly(true);
    return template;
  }

  private static void inTransaction(Runnable work) {
    first.transaction().executeWithoutResult(status -> work.run());
  }

  private static void inJdbcTransaction(Runnable work) {
    first.jdbcTransaction(PROPAGATION_REQUIRED).executeWithoutResult(status -> work.run());
  }

  private static void inNew(int propagation, Runnable work) {
    first.transaction(propagation).executeWithoutResult(status -> work.run());
  }

  private static void rolledBack(Runnable work) {
    first
        .transaction()
        .executeWithoutResult(
            status -> {
              work.run();
              status.setRollbackOnly();
            });
  }

  /** Asks both nodes from other threads, near and remote. */
  private static void assertOthersRead(long id, String text) {
    answer(FLEET.run(() -> assertEverybodyReads(id, text)));
  }

  private static void assertEverybodyReads(long id, String text) {
    for (int round = 0; round < 2; round++) {
      for (Node node : List.of(first, second)) {
        assertThat(node.items().find(id).text()).isEqualTo(text);
        node.forgetNear();
        assertThat(node.items().find(id).text()).as("from Redis").isEqualTo(text);
      }
    }
  }
}
