package larder.nodes;

import static larder.nodes.Fleet.answer;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import larder.dev.servers.TestServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.interceptor.BeanFactoryCacheOperationSourceAdvisor;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.annotation.EnableTransactionManagement;

/** An application that puts transactions around the cache advice loses nothing of what holds. */
class OrdersIntegrationTests {

  private static final int CHOSEN = 5;

  private static final Fleet FLEET = new Fleet(TestServers.redis());
  private static Node first;
  private static Node second;

  /** Transactions outermost, and an order of the cache advice that somebody chose. */
  @Configuration(proxyBeanMethods = false)
  @EnableTransactionManagement(order = 0)
  @EnableCaching(order = CHOSEN)
  static class TransactionsOutermost {}

  @BeforeAll
  static void startNodes() {
    Map<String, String> settings = Map.of("spring.application.name", "orders-tests");
    first = FLEET.start(settings, TransactionsOutermost.class).awaitCurrent();
    second = FLEET.start(settings).awaitCurrent();
  }

  @AfterAll
  static void stopNodes() {
    FLEET.close();
  }

  @Test
  void orderThatTheApplicationChoseStays() {
    assertThat(first.bean(BeanFactoryCacheOperationSourceAdvisor.class).getOrder())
        .isEqualTo(CHOSEN);
  }

  @Test
  void evictInsideOfTheTransactionIsPublishedAfterTheCommit() {
    long id = warm();
    first.hooks().onceAfterReading("before " + id, () -> assertOthersRead(id, "old"));
    first.items().writeEvictingBefore(id, "new");
    second.awaitAllOf(first);
    assertEverybodyReads(id, "new");
    first.items().writeInTransaction(id, "newer");
    second.awaitAllOf(first);
    assertEverybodyReads(id, "newer");
  }

  @Test
  void rolledBackPutOfTheInnerMethodLeavesNoTrace() {
    long id = warm();
    first
        .transaction()
        .executeWithoutResult(
            status -> {
              first.items().put(id, "never");
              first.items().writeInTransaction(id, "never");
              status.setRollbackOnly();
            });
    assertEverybodyReads(id, "old");
  }

  @Test
  void innerTransactionIsSeenThoughTheOuterRollsBack() {
    long id = warm();
    first
        .transaction()
        .executeWithoutResult(
            status -> {
              first.items().writeInNewTransaction(id, "new");
              second.awaitAllOf(first);
              assertOthersRead(id, "new");
              status.setRollbackOnly();
            });
    assertEverybodyReads(id, "new");
  }

  @Test
  void readOnlyMethodsFillTheCaches() {
    long id = FLEET.newItem("old");
    first.items().findInReadOnlyTransaction(id);
    first.items().findInReadOnlyTransaction(id);
    assertThat(first.hooks().reads(id)).isEqualTo(1);
  }

  private static long warm() {
    long id = FLEET.newItem("old");
    first.items().find(id);
    second.items().find(id);
    return id;
  }

  private static void assertOthersRead(long id, String text) {
    answer(FLEET.run(() -> assertEverybodyReads(id, text)));
  }

  private static void assertEverybodyReads(long id, String text) {
    for (Node node : List.of(first, second, first, second)) {
      assertThat(node.items().find(id).text()).isEqualTo(text);
      node.forgetNear();
      assertThat(node.items().find(id).text()).as("from Redis").isEqualTo(text);
    }
  }
}
