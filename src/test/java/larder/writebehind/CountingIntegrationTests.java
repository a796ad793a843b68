package larder.writebehind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import larder.dev.servers.Programs;
import larder.dev.servers.TestServers;
import larder.topologies.RedisProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Three processes append and write behind while they are killed, paused for longer than a lease and
 * cut off, and while their servers fail. Every write that Redis acknowledged is in the table once,
 * every other at most once, and each key is in its order.
 *
 * <p>Redis writes each command to its disk before it answers, so that killing it loses nothing that
 * it acknowledged. {@code -Dlarder.counting.seconds=300} runs longer, {@code
 * -Dlarder.counting.seed=...} the same schedule again.
 */
class CountingIntegrationTests {

  private static final int SECONDS = Integer.getInteger("larder.counting.seconds", 10);
  private static final long SEED = Long.getLong("larder.counting.seed", System.nanoTime());
  private static final int NODES = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final ConcurrentHashMap<String, String> journal = new ConcurrentHashMap<>();
  private final List<CountingProcess> nodes = new ArrayList<>();
  private final Random random = new Random(SEED);

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void nothingThatRedisAcknowledgedIsLostOrDoubled(@TempDir Path logs) throws Exception {
    System.out.println("Counting with seed " + SEED);
    Path program = new Programs(Programs.SHARED_FOLDER, System.out::println).redis();
    Writes writes = new Writes(TestServers.freshDatabase());
    String[] durable = {"--appendonly", "yes", "--appendfsync", "always"};
    try (RedisProcess redis = RedisProcess.start(program, durable)) {
      for (int i = 0; i < NODES; i++) {
        Path log = logs.resolve("node-" + i);
        nodes.add(new CountingProcess(i, redis.port(), writes.database(), journal, log));
      }
      await().atMost(PATIENCE).until(() -> writes.count() > 100);
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
      while (System.nanoTime() - end < 0) {
        disturb(redis, writes.sql());
        TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
      }
      redis.start();
      for (CountingProcess node : nodes) {
        node.end();
      }
      drain(redis, writes);
      check(writes);
    } finally {
      nodes.forEach(CountingProcess::close);
    }
  }

  private void disturb(RedisProcess redis, JdbcTemplate sql) throws InterruptedException {
    CountingProcess node = nodes.get(random.nextInt(NODES));
    switch (random.nextInt(6)) {
      case 0 -> node.killAndRestart();
      case 1 -> {
        node.pause();
        TimeUnit.MILLISECONDS.sleep(1_000 + random.nextInt(800));
        node.goOn();
      }
      case 2 -> {
        node.toRedis().cut();
        TimeUnit.MILLISECONDS.sleep(random.nextInt(400));
        node.toRedis().mend();
      }
      case 3 -> {
        node.toRedis().hold();
        TimeUnit.MILLISECONDS.sleep(random.nextInt(600));
        node.toRedis().mend();
      }
      case 4 ->
          sql.execute(
              """
              select pg_terminate_backend(pid) from pg_stat_activity
              where datname = current_database() and pid <> pg_backend_pid()
              """);
      default -> {
        redis.kill();
        redis.start();
      }
    }
  }

  /** Has a last node write what the others left. */
  private static void drain(RedisProcess redis, Writes writes) {
    try (BehindNode last =
        BehindNode.of(redis.port(), writes.database(), Writes::insert).started()) {
      await().atMost(PATIENCE).until(() -> last.report().known() && last.report().length() == 0);
    }
  }

  private void check(Writes writes) {
    JdbcTemplate sql = writes.sql();
    List<String> found = sql.queryForList("select key || ' ' || seq from writes", String.class);
    Set<String> written = new HashSet<>(found);
    System.out.println(
        "Appends by what is known of them: "
            + journal.values().stream()
                .collect(Collectors.groupingBy(x -> x, Collectors.counting()))
            + "; written "
            + found.size());
    assertThat(found).as("doubled").doesNotHaveDuplicates();
    assertThat(those("A")).as("acknowledged and lost").isSubsetOf(written);
    assertThat(those("N")).as("refused and written").doesNotContainAnyElementsOf(written);
    assertThat(journal.keySet()).as("written by nobody").containsAll(written);
    assertThat(
            sql.queryForList(
                """
                select key || ' ' || seq from (
                  select key, seq, lag(seq) over (partition by key order by pos) as before
                  from writes) as rows
                where before > seq
                """,
                String.class))
        .as("out of order")
        .isEmpty();
    assertThat(writes.dead()).as("put aside").isZero();
    assertThat(those("A")).hasSizeGreaterThan(100);
  }

  private Set<String> those(String what) {
    return journal.entrySet().stream()
        .filter(one -> one.getValue().equals(what))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }
}
