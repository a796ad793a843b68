package larder.cache.remote;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import larder.dev.servers.Loopback;
import larder.redis.RedisCalls;
import larder.topologies.DebianRedis;
import larder.topologies.RedisProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Many callers at once on a cluster of two masters, one of which hangs, and then dies. */
@Timeout(60)
class JoinedClusterReadsIntegrationTests {

  private static final int CALLERS = 8;
  private static final int SLOTS = 16384;

  private static final Logger log =
      LoggerFactory.getLogger(JoinedClusterReadsIntegrationTests.class);

  private final List<RedisProcess> masters = new ArrayList<>();
  private final ExecutorService callers = Executors.newFixedThreadPool(2 * CALLERS);
  private RedissonClient client;
  private RedisCalls calls;
  private RedisReads reads;

  @BeforeEach
  void start() {
    for (int i = 0; i < 2; i++) {
      String bus = "" + Loopback.freePort();
      RedisProcess master = RedisProcess.start(DebianRedis.program(), settings(bus));
      master.command(
          "CLUSTER", "ADDSLOTSRANGE", "" + (i * SLOTS / 2), "" + ((i + 1) * SLOTS / 2 - 1));
      if (i > 0) {
        masters.get(0).command("CLUSTER", "MEET", "127.0.0.1", "" + master.port(), bus);
      }
      masters.add(master);
    }
    await().until(() -> masters.stream().allMatch(JoinedClusterReadsIntegrationTests::isWhole));
    Config config = new Config();
    config.useClusterServers().addNodeAddress("redis://127.0.0.1:" + masters.get(1).port());
    client = Redisson.create(config);
    Duration patient = Duration.ofSeconds(10);
    calls = new RedisCalls(client, "probe", patient, patient, patient);
    reads = new RedisReads(calls);
  }

  private static String[] settings(String bus) {
    return "--cluster-enabled yes --cluster-node-timeout 60000 --cluster-port %s"
        .formatted(bus)
        .split(" ");
  }

  private static boolean isWhole(RedisProcess master) {
    String info = master.command("CLUSTER", "INFO");
    return info.contains("cluster_state:ok") && info.contains("cluster_slots_assigned:16384");
  }

  @AfterEach
  void stop() {
    callers.shutdownNow();
    masters.get(0).resume();
    calls.close();
    client.shutdown();
    masters.forEach(RedisProcess::close);
  }

  @Test
  void neitherTheSilenceNorTheFailureOfAMasterConcernsReadsOfAnother() throws Exception {
    List<String> all = IntStream.range(0, 60).mapToObj(i -> "key-" + i).toList();
    all.forEach(key -> client.getBucket(key, StringCodec.INSTANCE).set("value of " + key));
    List<String> there = all.stream().filter(this::isOnTheFirst).toList();
    List<String> here = all.stream().filter(key -> !isOnTheFirst(key)).toList();
    assertThat(readAll(reads, all)).isEqualTo(all.size());
    masters.get(0).suspend();
    doNotWaitBehind(there.get(0), here);
    readAmongThoseThatFail(there, here);
    masters.get(0).kill();
    readAmongThoseThatFail(there, here);
  }

  /** Reads that wait for company until they are answered, if one is under way to their master. */
  private void doNotWaitBehind(String silent, List<String> keys) throws Exception {
    RedisReads patient = new RedisReads(calls, Duration.ofHours(1));
    CompletableFuture<?> behind = patient.read(silent);
    assertThat(readAll(patient, keys.subList(0, 1))).isEqualTo(1);
    assertThat(behind).as("the read that all others would have waited for").isNotDone();
    assertThat(readAll(patient, keys)).isEqualTo(keys.size());
  }

  private void readAmongThoseThatFail(List<String> there, List<String> here) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    List<Future<?>> failing = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      failing.add(callers.submit(() -> readUntil(over, there)));
    }
    readByAll(here);
    over.set(true);
    for (Future<?> one : failing) {
      one.get();
    }
  }

  private boolean isOnTheFirst(String key) {
    return Integer.parseInt(masters.get(1).command("CLUSTER", "KEYSLOT", key)) < SLOTS / 2;
  }

  private static int readAll(RedisReads reads, List<String> keys) throws Exception {
    int right = 0;
    for (String key : keys) {
      byte[] bytes = reads.read(key).get(20, TimeUnit.SECONDS);
      right += bytes != null && new String(bytes, UTF_8).equals("value of " + key) ? 1 : 0;
    }
    return right;
  }

  private Void readUntil(AtomicBoolean over, List<String> keys) throws Exception {
    while (!over.get()) {
      for (String key : keys) {
        try {
          assertThat(reads.read(key).get(20, TimeUnit.MILLISECONDS)).isNotNull();
        } catch (TimeoutException | ExecutionException e) {
          log.debug("No answer for {}", key, e);
        }
      }
    }
    return null;
  }

  /** All callers read all the keys, each time rightly. */
  private void readByAll(List<String> keys) throws Exception {
    List<Future<Integer>> ends = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      ends.add(callers.submit(() -> readTimes(10, keys)));
    }
    for (Future<Integer> end : ends) {
      assertThat(end.get()).isEqualTo(10 * keys.size());
    }
  }

  private int readTimes(int times, List<String> keys) throws Exception {
    int right = 0;
    for (int i = 0; i < times; i++) {
      right += readAll(reads, keys);
    }
    return right;
  }
}
