package larder.nodes;

import static larder.nodes.Fleet.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import larder.dev.servers.RedisServer;
import larder.dev.servers.TestServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.TransactionDefinition;

/** What one node reads while another writes is never stale for longer than news travels. */
class NodesIntegrationTests {

  /** Of these tests alone: one of them says which commands nobody sends. */
  private static final RedisServer REDIS = TestServers.separateRedis();

  private static final Fleet FLEET = new Fleet(REDIS);
  private static Node first;
  private static Node second;

  @BeforeAll
  static void startNodes() {
    Map<String, String> settings = Map.of("spring.application.name", "nodes-tests");
    first = FLEET.start(settings).awaitCurrent();
    second = FLEET.start(settings).awaitCurrent();
  }

  @AfterAll
  static void stopNodes() {
    FLEET.close();
    REDIS.close();
  }

  @Test
  void oneNodeUsesWhatTheOtherLoaded() {
    long id = FLEET.newItem("new");
    first.items().find(id);
    awaitEntry("items", id);
    assertThat(second.items().find(id)).isEqualTo(new Item(id, "new"));
    assertThat(second.hooks().reads(id)).isZero();
  }

  @Test
  void slowReaderLeavesNothingStaleAfterAWriteOnTheOtherNode() {
    long id = FLEET.newItem("old");
    Future<Item> reader = readSlowlyWhile(id, () -> second.items().write(id, "new"));
    assertThat(answer(reader).text()).isEqualTo("old");
    first.awaitAllOf(second);
    assertEverybodyReads(id, "new");
  }

  @Test
  void slowReaderLeavesNothingStaleAfterAWriteOnItsOwnNode() {
    long id = FLEET.newItem("old");
    answer(readSlowlyWhile(id, () -> first.items().write(id, "new")));
    assertThat(first.items().find(id).text()).as("at once").isEqualTo("new");
    assertEverybodyReads(id, "new");
  }

  @Test
  void slowReaderLeavesNothingStaleAfterAClear() {
    long id = FLEET.newItem("old");
    answer(
        readSlowlyWhile(
            id,
            () -> {
              FLEET.changeUnseen(id, "new");
              second.items().clear();
            }));
    first.awaitAllOf(second);
    assertEverybodyReads(id, "new");
  }

  @Test
  void slowReaderInAReadOnlyTransactionLeavesNothingStale() {
    long id = FLEET.newItem("old");
    Gate gate = new Gate();
    first.hooks().onceAfterReading(id, gate::pass);
    Future<Item> reader = FLEET.call(() -> first.items().findInReadOnlyTransaction(id));
    gate.awaitReached();
    second.items().write(id, "new");
    first.awaitAllOf(second);
    gate.open();
    answer(reader);
    assertEverybodyReads(id, "new");
  }

  @Test
  void slowPutDoesNotReplaceALaterWrite() {
    long id = FLEET.newItem("old");
    Gate gate = new Gate();
    first.hooks().onceAfterReading(id, gate::pass);
    Future<Item> put = FLEET.call(() -> first.items().refresh(id));
    gate.awaitReached();
    second.items().write(id, "new");
    gate.open();
    assertThat(answer(put).text()).isEqualTo("old");
    first.awaitAllOf(second);
    second.awaitAllOf(first);
    assertEverybodyReads(id, "new");
  }

  @Test
  void putIsFoundOnTheOtherNodeWithoutALoad() {
    long id = FLEET.newItem("old");
    second.items().find(id);
    first.items().put(id, "new");
    awaitEntry("items", id);
    second.awaitAllOf(first);
    int reads = second.hooks().reads(id);
    assertThat(second.items().find(id).text()).isEqualTo("new");
    assertThat(second.hooks().reads(id)).isEqualTo(reads);
  }

  @Test
  void clearOfManyEntriesIsOneRecordAndSeenOnTheOtherNode() {
    List<Long> ids = FLEET.newItems(2_000, "old");
    ids.forEach(id -> first.items().find(id));
    awaitEntry("items", ids.get(ids.size() - 1));
    ids.forEach(id -> second.items().find(id));
    FLEET.redis().command("CONFIG", "RESETSTAT");
    ids.subList(0, 50).forEach(id -> FLEET.changeUnseen(id, "new"));
    first.items().clear();
    String commands = FLEET.redis().command("INFO", "commandstats");
    second.awaitAllOf(first);
    ids.subList(0, 50).forEach(id -> assertEverybodyReads(id, "new"));
    assertThat(commands)
        .doesNotContain("cmdstat_scan", "cmdstat_keys", "cmdstat_del", "cmdstat_unlink", "flush");
  }

  @Test
  void invalidationIsSeenOnTheOtherNodeQuickly() {
    long id = FLEET.newItem("0");
    List<Long> nanos = new ArrayList<>();
    for (int i = 1; i <= 300; i++) {
      nanos.add(InvalidationLatency.measure(FLEET, first, second, id, "" + i));
    }
    Latency latency = Latency.of(nanos);
    System.out.println("Invalidation seen on the other node: " + latency);
    assertThat(latency.p50()).isLessThan(Duration.ofMillis(100));
  }

  @Test
  void garbageIsAMissOnEveryNode() {
    long id = FLEET.newItem("new");
    for (String garbage : List.of("", "garbage", "L".repeat(300), "{\"id\":1}")) {
      FLEET.redis().command("SET", "nodes-tests:items:v1:" + id, garbage);
      Stream.of(first, second).forEach(Node::forgetNear);
      assertEverybodyReads(id, "new");
    }
  }

  @Test
  void restartingNodeUsesWhatIsThereAndNothingStale() {
    long kept = FLEET.newItem("kept");
    long changed = FLEET.newItem("old");
    first.items().find(kept);
    first.items().find(changed);
    awaitEntry("items", kept);
    awaitEntry("items", changed);
    String stale = "nodes-tests:items:v1:" + changed;
    FLEET.redis().command("COPY", stale, stale + ":copy");
    first.items().write(changed, "new");
    await().untilAsserted(() -> assertThat(FLEET.redis().command("EXISTS", stale)).isEqualTo("0"));
    FLEET.redis().command("COPY", stale + ":copy", stale);
    try (Node third =
        Node.start(
                FLEET.database(), FLEET.redis(), Map.of("spring.application.name", "nodes-tests"))
            .awaitCurrent()) {
      assertThat(third.items().find(kept).text()).isEqualTo("kept");
      assertThat(third.hooks().reads(kept)).as("loads of what was kept").isZero();
      assertThat(third.items().find(changed).text()).isEqualTo("new");
    }
  }

  @Test
  void nodesOfTwoVersionsInvalidateEachOther() {
    long id = FLEET.newItem("one");
    try (Node raised =
        Node.start(
                FLEET.database(),
                FLEET.redis(),
                Map.of(
                    "spring.application.name", "nodes-tests", "larder.caches.items.version", "2"))
            .awaitCurrent()) {
      assertThat(first.items().find(id).text()).isEqualTo("one");
      assertThat(raised.items().find(id).text()).isEqualTo("one");
      assertThat(raised.hooks().reads(id)).as("loads under the new version").isEqualTo(1);
      first.items().write(id, "two");
      raised.awaitAllOf(first);
      assertThat(raised.items().find(id).text()).isEqualTo("two");
      assertEverybodyReads(id, "two");
      raised.items().write(id, "three");
      first.awaitAllOf(raised);
      second.awaitAllOf(raised);
      assertEverybodyReads(id, "three");
    }
  }

  @Test
  void openPersistenceContextPoisonsNobody() {
    long id = FLEET.newItem("old");
    first
        .transaction(TransactionDefinition.PROPAGATION_SUPPORTS)
        .executeWithoutResult(
            status -> {
              first.items().findByJpa(id);
              answer(FLEET.run(() -> second.items().writeByJpa(id, "new")));
              first.awaitAllOf(second);
              first.items().findByJpa(id);
            });
    assertThat(first.items().findByJpa(id).text()).isEqualTo("new");
    assertThat(second.items().findByJpa(id).text()).isEqualTo("new");
  }

  @Test
  void callersCannotChangeEachOthersList() {
    long id = FLEET.newItem("own");
    first.items().texts(id).add("of the loader");
    first.items().texts(id).add("of a near hit");
    awaitEntry("item-lists", id);
    second.items().texts(id).add("of a remote hit");
    for (Node node : List.of(first, second)) {
      assertThat(node.items().texts(id)).containsExactly("own", "second");
    }
    assertThat(second.hooks().reads(id)).isZero();
  }

  @Test
  void optionalIsFoundOnTheOtherNode() {
    long id = FLEET.newItem("there");
    assertThat(first.items().optional(id)).contains(new Item(id, "there"));
    assertThat(first.items().optional(-id)).isEmpty();
    awaitEntry("optional-items", id);
    awaitEntry("optional-items", -id);
    assertThat(second.items().optional(id)).contains(new Item(id, "there"));
    assertThat(second.items().optional(-id)).isEmpty();
    assertThat(second.hooks().reads(id) + second.hooks().reads(-id)).isZero();
  }

  @Test
  void futureIsFoundOnTheOtherNode() {
    long id = FLEET.newItem("there");
    assertThat(first.items().later(id).join()).isEqualTo(new Item(id, "there"));
    awaitEntry("later-items", id);
    assertThat(second.items().later(id).join()).isEqualTo(new Item(id, "there"));
    assertThat(first.items().later(id).join()).isEqualTo(new Item(id, "there"));
    assertThat(first.hooks().reads(id)).isEqualTo(1);
    assertThat(second.hooks().reads(id)).isZero();
  }

  @Test
  void valueMadeOfCachedValuesFallsWithThem() {
    long id = FLEET.newItem("old");
    String outer = "outer of " + id;
    String middle = "middle of " + id;
    for (Node node : List.of(first, second)) {
      assertThat(threeDeep(node, outer, middle, id)).isEqualTo("old");
    }
    second.items().write(id, "new");
    first.awaitAllOf(second);
    for (Node node : List.of(first, second)) {
      assertThat(threeDeep(node, outer, middle, id)).isEqualTo("new");
    }
  }

  private static String threeDeep(Node node, String outer, String middle, long id) {
    return node.items()
        .nested(outer, any -> node.items().nested(middle, key -> node.items().find(id).text()));
  }

  /** Starts a read on the first node that returns only after something has happened. */
  private static Future<Item> readSlowlyWhile(long id, Runnable meanwhile) {
    Gate gate = new Gate();
    first.hooks().onceAfterReading(id, gate::pass);
    Future<Item> reader = FLEET.call(() -> first.items().find(id));
    gate.awaitReached();
    meanwhile.run();
    gate.open();
    answer(reader);
    return reader;
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

  private static void awaitEntry(String cache, Object key) {
    await()
        .pollInterval(Duration.ofMillis(5))
        .untilAsserted(
            () ->
                assertThat(FLEET.redis().command("EXISTS", "nodes-tests:" + cache + ":v1:" + key))
                    .isEqualTo("1"));
  }
}
