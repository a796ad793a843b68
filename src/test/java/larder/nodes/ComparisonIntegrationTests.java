package larder.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import larder.dev.servers.RedisServer;
import larder.dev.servers.TestServers;
import larder.nodes.Contestant.HungRead;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Larder beside the cache managers that people use today: the same service, the same servers, the
 * same workload, in one run. What Larder promises is asserted; what all were measured at is printed
 * as a table.
 */
@EnabledIfSystemProperty(
    named = "larder.comparison",
    matches = "true",
    disabledReason = "takes a minute and a half; -Dlarder.comparison=true runs it")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ComparisonIntegrationTests {

  private static final int OVERLAPS = 500;
  private static final int TRANSACTIONS = 50;
  private static final int CHANGES = 300;
  private static final int HITS = 2_000;
  private static final int HUNG_READS = 10;

  private static final RedisServer REDIS = TestServers.separateRedis();
  private static final Fleet FLEET = new Fleet(REDIS);
  private static final List<Contestant> ALL = new ArrayList<>();

  @BeforeAll
  static void startNodes() {
    // A busy machine's Redis may take longer than the deadline, which would cost loads. Writes are
    // told by their annotations, as the others' are, and not within the statement.
    Map<String, String> patient =
        Map.of(
            "spring.application.name", "larder",
            "larder.remote.deadline", "1s",
            "larder.defaults.tracking", "true",
            "larder.tracking.jdbc", "false");
    Node larder = FLEET.start(patient).awaitCurrent();
    ALL.add(new Contestant("Larder", FLEET, larder, FLEET.start(patient).awaitCurrent()));
    ALL.add(peer("Spring Data Redis", Peers.SpringDataRedis.class));
    ALL.add(
        peer("Spring Data Redis, `transactionAware`", Peers.SpringDataRedisTransactionAware.class));
    ALL.add(peer("Redisson", Peers.Redisson.class));
  }

  private static Contestant peer(String name, Class<?> configuration) {
    Map<String, String> settings = Map.of("spring.application.name", "peer");
    Node first = FLEET.start(settings, configuration);
    return new Contestant(name, FLEET, first, FLEET.start(settings, configuration));
  }

  @AfterAll
  static void printAndStop() {
    System.out.println(ComparisonTable.of(ALL));
    FLEET.close();
    REDIS.close();
  }

  @Test
  @Order(1)
  void slowReadThatOverlapsAWriteLeavesNothingStale() {
    assertThat(
            counted(
                "stale after a slow read overlaps an annotated write",
                OVERLAPS,
                each -> each.staleAfterOverlap(OVERLAPS)))
        .isZero();
  }

  @Test
  @Order(2)
  void readBetweenEvictAndCommitLeavesNothingStale() {
    assertThat(
            counted(
                "stale after a read between evict and commit",
                TRANSACTIONS,
                each -> each.staleAfterEvictBeforeCommit(TRANSACTIONS)))
        .isZero();
  }

  @Test
  @Order(3)
  void rolledBackValuesAreNeverServed() {
    assertThat(
            counted(
                "rolled-back values served",
                TRANSACTIONS,
                each -> each.servedAfterRollback(TRANSACTIONS)))
        .isZero();
  }

  @Test
  @Order(4)
  void stampedeIsOneLoad() {
    List<Integer> loads = new ArrayList<>();
    for (Contestant each : ALL) {
      loads.add(each.loadsOfAStampede());
      each.note("loads when 64 callers on 2 nodes miss one key", "" + loads.get(loads.size() - 1));
    }
    assertThat(loads.get(0)).isEqualTo(1);
  }

  @Test
  @Order(5)
  void invalidationIsQuickAndHitsAreNear() {
    List<Latency> seen = new ArrayList<>();
    for (Contestant each : ALL) {
      Latency latency = each.invalidation(CHANGES);
      seen.add(latency);
      each.note("a commit is seen on the other node after", latency.toString());
      each.note("repeated read", each.hit(HITS).toString());
    }
    assertThat(seen.get(0).p50()).isLessThan(Duration.ofMillis(250));
  }

  @Test
  @Order(6)
  void readsAnswerWhileRedisHangs() {
    List<Long> ids = FLEET.newItems(HUNG_READS, "new");
    Map<String, String> usual =
        Map.of("spring.application.name", "larder", "larder.remote.deadline", "40ms");
    Node defaults = FLEET.start(usual).awaitCurrent();
    List<Contestant> hung = new ArrayList<>(ALL);
    hung.set(0, new Contestant("Larder", FLEET, defaults, defaults));
    hung.forEach(each -> each.hit(1));
    REDIS.suspend();
    List<List<HungRead>> reads;
    try {
      List<Future<List<HungRead>>> calls =
          hung.stream().map(each -> FLEET.call(() -> each.readsWhileRedisHangs(ids))).toList();
      reads = calls.stream().map(Fleet::answer).toList();
    } finally {
      REDIS.resume();
    }
    for (int i = 0; i < reads.size(); i++) {
      note(ALL.get(i), reads.get(i));
    }
    assertThat(reads.get(0))
        .hasSize(HUNG_READS)
        .allSatisfy(
            read -> {
              assertThat(read.answered()).isTrue();
              assertThat(read.took()).isLessThan(Duration.ofMillis(700));
            });
  }

  private static void note(Contestant each, List<HungRead> reads) {
    each.note("first read while Redis hangs", reads.get(0).toString());
    each.note(
        "following reads while Redis hangs",
        reads.size() == 1
            ? "the same"
            : Latency.of(
                    reads.subList(1, reads.size()).stream()
                        .map(read -> read.took().toNanos())
                        .toList())
                .toString());
  }

  /** What counts the failures of one. */
  @FunctionalInterface
  private interface Count {
    int of(Contestant contestant);
  }

  /** Counts for all, and returns Larder's number. */
  private static int counted(String figure, int of, Count count) {
    List<Integer> counts = new ArrayList<>();
    for (Contestant each : ALL) {
      counts.add(count.of(each));
      each.note(figure, counts.get(counts.size() - 1) + " of " + of);
    }
    return counts.get(0);
  }
}
