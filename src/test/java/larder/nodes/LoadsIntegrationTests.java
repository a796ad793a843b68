package larder.nodes;

import static larder.nodes.Fleet.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import larder.cache.manager.Tiers;
import larder.cache.remote.RemoteStore;
import larder.dev.servers.TestServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.transaction.support.TransactionTemplate;

/** Of many who miss one loads, and nobody waits for ever for one who does not come back. */
@Timeout(60)
class LoadsIntegrationTests {

  private static final Fleet FLEET = new Fleet(TestServers.redis());
  private static Node first;
  private static Node second;

  @BeforeAll
  static void startNodes() {
    Map<String, String> settings =
        Map.of("spring.application.name", "loads-tests", "larder.load.patience", "2s");
    first = FLEET.start(settings).awaitCurrent();
    second = FLEET.start(settings).awaitCurrent();
  }

  @AfterAll
  static void stopNodes() {
    FLEET.close();
  }

  @Test
  void stampedeOf64CallersOnTwoNodesIsOneLoad() {
    long id = FLEET.newItem("new");
    assertThat(Stampede.of(64).on(FLEET, List.of(first, second), id)).isEqualTo(1);
  }

  @Test
  void stampedeOnAChangedKeyIsOneLoadForEachChange() {
    long id = FLEET.newItem("0");
    for (int i = 1; i <= 5; i++) {
      first.items().write(id, "" + i);
      second.awaitAllOf(first);
      assertThat(Stampede.of(16).on(FLEET, List.of(first, second), id)).isEqualTo(1);
      assertThat(second.items().find(id).text()).isEqualTo("" + i);
    }
  }

  @Test
  void aColdCallAsksRedisOnceAndServesWhatIsThereAfterAll() {
    for (int i = 0; i < 12; i++) {
      long cold = FLEET.newItem("cold");
      first.items().find(cold);
      second.items().find(FLEET.newItem("cold"));
    }
    long id = FLEET.newItem("new");
    long reads = remote(first).readsSent();
    assertThat(first.items().find(id).text()).isEqualTo("new");
    assertThat(remote(first).readsSent()).as("reads without the lock").isEqualTo(reads);
    String key = "loads-tests:items:v1:" + id;
    await().until(() -> FLEET.redis().command("EXISTS", key).equals("1"));
    assertThat(FLEET.redis().command("EXISTS", "{" + key + "}:load")).isEqualTo("0");

    long theirs = remote(second).readsSent();
    assertThat(second.items().find(id).text()).isEqualTo("new");
    assertThat(second.hooks().reads(id)).as("loads of the second node").isZero();
    assertThat(remote(second).readsSent()).as("reads without the lock").isEqualTo(theirs);
  }

  @Test
  void callerWhoComesAfterAWriteTakesNothingOfALoadThatBeganBefore() {
    long id = FLEET.newItem("old");
    Gate gate = new Gate();
    first.hooks().onceAfterReading(id, gate::pass);
    Future<Item> slow = FLEET.call(() -> first.items().find(id));
    gate.awaitReached();
    first.items().write(id, "new");
    Future<Item> later = FLEET.call(() -> first.items().find(id));
    gate.open();
    assertThat(answer(later).text()).isEqualTo("new");
    assertThat(answer(slow).text()).isEqualTo("old");
  }

  @Test
  void ownerThatThrowsLetsTheOthersGoOn() {
    long id = FLEET.newItem("new");
    Gate gate = new Gate();
    first
        .hooks()
        .onceAfterReading(
            id,
            () -> {
              gate.pass();
              throw new IllegalStateException("no luck");
            });
    Future<Item> owner = FLEET.call(() -> first.items().find(id));
    gate.awaitReached();
    List<Future<Item>> others = callOnBoth(id);
    gate.open();
    others.forEach(other -> assertThat(answer(other).text()).isEqualTo("new"));
    assertThatThrownBy(owner::get).hasRootCauseMessage("no luck");
  }

  @Test
  void refusedValueIsNotKeptAndLetsTheOthersGoOn() {
    long id = FLEET.newItem("secret");
    Gate gate = new Gate();
    first.hooks().onceAfterReading(id, gate::pass);
    Future<Item> owner = FLEET.call(() -> first.items().findUnlessSecret(id));
    gate.awaitReached();
    Future<Item> joiner = FLEET.call(() -> first.items().findUnlessSecret(id));
    Future<Item> elsewhere = FLEET.call(() -> second.items().findUnlessSecret(id));
    gate.open();
    for (Future<Item> caller : List.of(owner, joiner, elsewhere)) {
      assertThat(answer(caller).text()).isEqualTo("secret");
    }
    int reads = first.hooks().reads(id);
    first.items().findUnlessSecret(id);
    assertThat(first.hooks().reads(id)).as("a refused value is loaded again").isGreaterThan(reads);
    assertThat(FLEET.redis().command("EXISTS", "loads-tests:some-items:v1:" + id)).isEqualTo("0");
  }

  @Test
  void ownerThatHangsDelaysTheOthersForTheirPatienceOnly() {
    long id = FLEET.newItem("new");
    Gate never = new Gate();
    first.hooks().onceAfterReading(id, never::pass);
    Future<Item> owner = FLEET.call(() -> first.items().find(id));
    never.awaitReached();
    long began = System.nanoTime();
    List<Future<Item>> others = callOnBoth(id);
    others.forEach(other -> assertThat(answer(other).text()).isEqualTo("new"));
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    never.open();
    answer(owner);
  }

  @Test
  void killedOwnerDelaysTheOthersForTheirPatienceOnly() throws Exception {
    long id = FLEET.newItem("new");
    try (LoadingProcess process = LoadingProcess.start(FLEET, "loads-tests", id)) {
      process.awaitLoading();
      assertThat(FLEET.redis().command("EXISTS", "{loads-tests:items:v1:" + id + "}:load"))
          .as("the lock of the one who loads")
          .isEqualTo("1");
      process.kill();
      long began = System.nanoTime();
      assertThat(first.items().find(id).text()).isEqualTo("new");
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
      assertThat(second.items().find(id).text()).isEqualTo("new");
    }
  }

  /** The one who loads needs a connection, and those who wait for its value hold them all. */
  @Test
  void joinersThatHoldAllConnectionsDoNotStarveTheirLeader() {
    long id = FLEET.newItem("new");
    String key = "starving " + id;
    int all = 3;
    Map<String, String> settings =
        Map.of(
            "spring.application.name", "joiners-tests",
            "spring.datasource.hikari.maximum-pool-size", "" + all,
            "spring.datasource.hikari.connection-timeout", "8000",
            "larder.load.patience", "20s");
    Node small = FLEET.start(settings).awaitCurrent();
    Gate loading = new Gate();
    CountDownLatch held = new CountDownLatch(all);
    Future<String> leader =
        FLEET.call(
            () ->
                small
                    .items()
                    .nested(
                        key,
                        any -> {
                          loading.pass();
                          Gate.await(held);
                          return text(small, id);
                        }));
    loading.awaitReached();
    loading.open();
    TransactionTemplate readOnly = small.transaction();
    readOnly.setReadOnly(true);
    List<Future<String>> joiners = new ArrayList<>();
    for (int i = 0; i < all; i++) {
      joiners.add(
          FLEET.call(
              () ->
                  readOnly.execute(
                      status -> {
                        text(small, id);
                        held.countDown();
                        return small.items().nested(key, any -> text(small, id));
                      })));
    }
    assertThat(answer(leader)).isEqualTo("new");
    joiners.forEach(joiner -> assertThat(answer(joiner)).isEqualTo("new"));
  }

  private static RemoteStore remote(Node node) {
    return node.bean(Tiers.class).remote();
  }

  private static String text(Node node, long id) {
    String query = "select text from item where id = ?";
    return Objects.requireNonNull(node.jdbc().queryForObject(query, String.class, id));
  }

  @Test
  void nestedCallsInOppositeOrderDoNotWaitForEachOther() {
    for (int round = 0; round < 20; round++) {
      String left = "left " + round;
      String right = "right " + round;
      CountDownLatch bothLoad = new CountDownLatch(2);
      long began = System.nanoTime();
      Future<String> one = FLEET.call(() -> nested(first, left, right, bothLoad));
      Future<String> other = FLEET.call(() -> nested(first, right, left, bothLoad));
      assertThat(answer(one)).isNotEmpty();
      assertThat(answer(other)).isNotEmpty();
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
    }
  }

  @Test
  void nestedCallsInOppositeOrderOnTwoNodesGoOn() {
    CountDownLatch bothLoad = new CountDownLatch(2);
    Future<String> one = FLEET.call(() -> nested(first, "here", "there", bothLoad));
    Future<String> other = FLEET.call(() -> nested(second, "there", "here", bothLoad));
    assertThat(answer(one)).isNotEmpty();
    assertThat(answer(other)).isNotEmpty();
  }

  @Test
  void callThatComesBackToItsOwnKeyLoadsIt() {
    AtomicBoolean inside = new AtomicBoolean();
    assertThat(
            first
                .items()
                .nested(
                    "own key",
                    key ->
                        inside.getAndSet(true)
                            ? "found"
                            : first.items().nested(key, again -> "found")))
        .isEqualTo("found");
  }

  private static String nested(Node node, String outer, String inner, CountDownLatch bothLoad) {
    return node.items()
        .nested(
            outer,
            key -> {
              bothLoad.countDown();
              Gate.await(bothLoad);
              return node.items().nested(inner, other -> "innermost");
            });
  }

  private static List<Future<Item>> callOnBoth(long id) {
    List<Future<Item>> calls = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      calls.add(FLEET.call(() -> first.items().find(id)));
      calls.add(FLEET.call(() -> second.items().find(id)));
    }
    return calls;
  }
}
