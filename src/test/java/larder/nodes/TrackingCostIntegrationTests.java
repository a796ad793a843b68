package larder.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import larder.dev.servers.RedisServer;
import larder.dev.servers.TestServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * What tracking costs: the same code with it off, with it on, and with the outbox, in turns in one
 * process; prints a table. A round trip to the database is the unit of writes.
 */
@EnabledIfSystemProperty(named = "larder.cost", matches = "true")
class TrackingCostIntegrationTests {

  private static final int ROUNDS = Integer.getInteger("larder.cost.rounds", 40);
  private static final int WARM_UP = ROUNDS / 2;
  private static final int LOADS = 300;
  private static final int WRITES = 200;
  private static final int TRIPS = 500;
  private static final int HITS = 200_000;

  private static final Map<String, String> OFF =
      Map.of(
          "larder.defaults.tracking", "false",
          "larder.tracking.jdbc", "false",
          "larder.outbox.enabled", "false");

  private static final Map<String, String> OUTBOX =
      Map.of(
          "larder.defaults.tracking", "true",
          "spring.flyway.enabled", "true",
          "spring.flyway.baseline-on-migrate", "true",
          "spring.flyway.locations", "classpath:larder/postgresql");

  private static final RedisServer REDIS = TestServers.separateRedis();
  private static final Map<String, Contender> CONTENDERS = new LinkedHashMap<>();

  /** A node on a database of its own, and what its rounds took in nanoseconds for each call. */
  private record Contender(
      Fleet fleet, Node node, long written, Map<String, List<Double>> measured) {

    static Contender start(String name, Map<String, String> settings) {
      return start(new Fleet(REDIS), name, settings);
    }

    static Contender start(Fleet fleet, String name, Map<String, String> settings) {
      commitsWaitForTheLog(fleet);
      Map<String, String> all = new HashMap<>(settings);
      all.put("spring.application.name", name);
      Node node = fleet.start(all, TrackedItems.class).awaitCurrent();
      return new Contender(fleet, node, fleet.newItem("0"), new LinkedHashMap<>());
    }

    TrackedItems items() {
      return node.bean(TrackedItems.class);
    }

    void measure(String what, int calls, Runnable work) {
      long began = System.nanoTime();
      work.run();
      double each = (System.nanoTime() - began) / (double) calls;
      measured.computeIfAbsent(what, any -> new ArrayList<>()).add(each);
    }

    double median(String what) {
      List<Double> sorted = measured.getOrDefault(what, List.of()).stream().sorted().toList();
      return sorted.get(sorted.size() / 2);
    }
  }

  /** As servers do by default, and those of the tests do not. */
  private static void commitsWaitForTheLog(Fleet fleet) {
    fleet.changeDatabase("synchronous_commit", "on");
  }

  @BeforeAll
  static void start() {
    CONTENDERS.put("off", Contender.start("cost-off", OFF));
    CONTENDERS.put(
        "tracking",
        Contender.start(
            "cost-tracking",
            Map.of("larder.defaults.tracking", "true", "larder.outbox.enabled", "false")));
    CONTENDERS.put("triggers alone", triggersAlone());
    CONTENDERS.put("tracking and outbox", Contender.start("cost-outbox", OUTBOX));
  }

  /** A node that knows of no outbox, on a database that has triggers: as other programs pay. */
  private static Contender triggersAlone() {
    Fleet fleet = new Fleet(REDIS);
    Map<String, String> first = new HashMap<>(OUTBOX);
    first.put("spring.application.name", "cost-installer");
    fleet.start(first, TrackedItems.class).awaitCurrent().close();
    return Contender.start(fleet, "cost-triggers", OFF);
  }

  @AfterAll
  static void stop() {
    CONTENDERS.values().forEach(contender -> contender.fleet().close());
    REDIS.close();
  }

  @Test
  void whatTrackingCosts() {
    for (int round = 0; round < WARM_UP + ROUNDS; round++) {
      if (round == WARM_UP) {
        CONTENDERS.values().forEach(contender -> contender.measured().clear());
      }
      CONTENDERS.values().forEach(TrackingCostIntegrationTests::round);
    }
    System.out.println(table());
  }

  private static void round(Contender contender) {
    TrackedItems items = contender.items();
    long from = contender.fleet().newItems(LOADS);
    contender.measure("cached load", LOADS, () -> each(LOADS, i -> items.byId(from + i)));
    contender.measure(
        "write transaction",
        WRITES,
        () -> each(WRITES, i -> items.changeEntity(contender.written(), "" + System.nanoTime())));
    contender.measure("near hit", HITS, () -> each(HITS, i -> items.byId(from)));
    assertThat(contender.node().hooks().reads("by-id " + from)).as("loads of a hit").isLessThan(5);
    contender.measure(
        "round trip to the database",
        TRIPS,
        () ->
            contender
                .node()
                .transaction()
                .executeWithoutResult(
                    status ->
                        each(
                            TRIPS,
                            i ->
                                contender
                                    .node()
                                    .jdbc()
                                    .queryForObject("select 1", Integer.class))));
  }

  private interface Step {
    void run(int i);
  }

  private static void each(int count, Step step) {
    for (int i = 0; i < count; i++) {
      step.run(i);
    }
  }

  private static String table() {
    List<String> lines = new ArrayList<>();
    lines.add("| | " + String.join(" | ", CONTENDERS.keySet()) + " |");
    lines.add("|---".repeat(CONTENDERS.size() + 1) + "|");
    Contender off = CONTENDERS.values().iterator().next();
    for (String what : off.measured().keySet()) {
      StringBuilder line = new StringBuilder("| " + what + " |");
      for (Contender contender : CONTENDERS.values()) {
        line.append(
            String.format(
                Locale.ROOT,
                " %.2f µs (%.2f) |",
                contender.median(what) / 1_000,
                contender.median(what) / off.median(what)));
      }
      lines.add(line.toString());
    }
    return String.join("\n", lines);
  }
}
