package larder.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import larder.cache.consistency.ConsistencyMeter;
import larder.cache.consistency.Mismatch;
import larder.cache.statistics.CacheStatistics;
import larder.cache.statistics.Statistics;
import larder.dev.servers.TestServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The consistency meter of a node that compares every hit it can. */
class ConsistencyIntegrationTests {

  private static final Fleet FLEET = new Fleet(TestServers.redis());
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static Node node;
  private static ConsistencyMeter meter;

  @BeforeAll
  static void start() {
    node =
        FLEET
            .start(
                Map.of(
                    "spring.application.name", "metered-nodes",
                    "larder.max-staleness", "1s",
                    "larder.consistency.one-in", "1",
                    "larder.consistency.per-second", "1000",
                    "larder.consistency.exclude", "rows"),
                MeteredItems.class)
            .awaitCurrent();
    meter = node.bean(ConsistencyMeter.class);
  }

  @AfterAll
  static void stop() {
    FLEET.close();
  }

  private static CacheStatistics counts(String cache) {
    return node.bean(Statistics.class).of(cache);
  }

  private static Stream<Mismatch> mismatches(String cache, long id) {
    return meter.mismatches().stream()
        .filter(one -> one.cache().equals(cache) && one.key().equals(Long.toString(id)));
  }

  /** Plain SQL beside the application's data source, and no outbox: nobody is told of it. */
  private static void seesAHiddenWrite(String cache, LongConsumer read) {
    long id = FLEET.newItem("old");
    read.accept(id);
    long before = counts(cache).mismatches();
    FLEET.changeUnseen(id, "new");
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              read.accept(id);
              return mismatches(cache, id).findAny().isPresent();
            });
    assertThat(counts(cache).mismatches()).isGreaterThan(before);
    assertThat(mismatches(cache, id))
        .allSatisfy(one -> assertThat(one.loaded()).isGreaterThan(one.served()));
  }

  @Test
  void aWriteThatWasHiddenIsCounted() {
    seesAHiddenWrite("items", id -> node.items().find(id));
  }

  @Test
  void andSoItIsInAValueMadeOfCachedOnes() {
    seesAHiddenWrite("made-of-items", id -> node.bean(MeteredItems.class).madeOf(id));
  }

  @Test
  void andInACacheThatSpringSynchronizes() {
    seesAHiddenWrite("synced-items", id -> node.bean(MeteredItems.class).synced(id));
  }

  @Test
  void writesThatCachesAreToldOfAreNone() {
    List<Long> ids = FLEET.newItems(5, "a");
    long checks = counts("items").checks();
    AtomicBoolean enough = new AtomicBoolean();
    Future<?> writer =
        FLEET.run(
            () -> {
              for (int i = 0; !enough.get(); i++) {
                String text = i % 2 == 0 ? "b" : "a";
                ids.forEach(id -> node.items().writeInTransaction(id, text));
              }
            });
    Future<?> reader =
        FLEET.run(
            () -> {
              while (!enough.get()) {
                ids.forEach(id -> node.items().find(id));
              }
            });
    await().atMost(PATIENCE).until(() -> counts("items").checks() - checks >= 60);
    enough.set(true);
    Fleet.answer(writer);
    Fleet.answer(reader);
    await().atMost(PATIENCE).until(meter::isIdle);
    assertThat(ids).allSatisfy(id -> assertThat(mismatches("items", id)).isEmpty());
  }

  @Test
  void leavesNoTraceInCachesOrCounts() {
    long id = FLEET.newItem("old");
    node.items().find(id);
    CacheStatistics items = counts("items");
    long hits = items.nearHits();
    long loads = items.loads();
    long checks = items.checks();
    AtomicInteger calls = new AtomicInteger();
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              node.items().find(id);
              calls.incrementAndGet();
              return items.checks() > checks;
            });
    await().atMost(PATIENCE).until(meter::isIdle);
    assertThat(items.nearHits()).isEqualTo(hits + calls.get());
    assertThat(items.loads()).isEqualTo(loads);
    assertThat(node.hooks().reads(id)).isEqualTo(1 + items.checks() - checks);
  }

  @Test
  void aMethodThatWritesLeavesNothingBehind() {
    MeteredItems metered = node.bean(MeteredItems.class);
    long id = FLEET.newItems(1) + 1_000_000;
    assertThat(metered.writing(id)).isEqualTo(1);
    FLEET.remove(id);
    await()
        .atMost(PATIENCE)
        .until(() -> metered.writing(id) == 1 && node.hooks().reads("writing " + id) > 1);
    await().atMost(PATIENCE).until(meter::isIdle);
    assertThat(FLEET.holds(id)).isFalse();
  }

  @Test
  void callsInATransactionAndOfExcludedCachesAreLeftAlone() {
    long id = FLEET.newItem("old");
    node.items().find(id);
    node.items().findByJpa(id);
    int runs = node.hooks().reads(id);
    node.transaction().executeWithoutResult(status -> node.items().find(id));
    node.items().findByJpa(id);
    await().atMost(PATIENCE).until(meter::isIdle);
    assertThat(node.hooks().reads(id)).isEqualTo(runs);
    assertThat(counts("rows").nearHits()).isPositive();
  }
}
