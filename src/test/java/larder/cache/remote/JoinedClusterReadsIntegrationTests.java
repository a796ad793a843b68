package larder.cache.remote;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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

/** Many callers at once on a cluster of two masters, one of which hangs, and then dies. */
@Timeout(60)
class JoinedClusterReadsIntegrationTests {

  private static final int CALLERS = 8;
  private static final int SLOTS = 16384;

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
    assertThat(readAll(all)).isEqualTo(all.size());
    AtomicBoolean over = new AtomicBoolean();
    List<Future<?>> noise = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      noise.add(callers.submit(() -> readUntil(over, there)));
    }
    long before = reads.flights();
    assertThat(readByAll(here)).isEmpty();
    masters.get(0).suspend();
    assertThat(readByAll(here)).isEmpty();
    masters.get(0).kill();
    assertThat(readByAll(here)).isEmpty();
    assertThat(reads.flights()).isGreaterThan(before);
    over.set(true);
    for (Future<?> one : noise) {
      one.get();
    }
  }

  private boolean isOnTheFirst(String key) {
    return Integer.parseInt(masters.get(1).command("CLUSTER", "KEYSLOT", key)) < SLOTS / 2;
  }

  private int readAll(List<String> keys) throws Exception {
    int right = 0;
    for (String key : keys) {
      right += read(key).equals("value of " + key) ? 1 : 0;
    }
    return right;
  }

  private String read(String key) throws Exception {
    byte[] bytes = reads.read(key).get(20, TimeUnit.SECONDS);
    return bytes == null ? "" : new String(bytes, UTF_8);
  }

  /** Reads that may fail. */
  private Void readUntil(AtomicBoolean over, List<String> keys) {
    while (!over.get()) {
      for (String key : keys) {
        try {
          assertThat(reads.read(key).get(20, TimeUnit.MILLISECONDS)).isNotEmpty();
        } catch (Exception e) {
          assertThat(e).isNotInstanceOf(NullPointerException.class);
        }
      }
    }
    return null;
  }

  /** Returns what went wrong in any of many threads. */
  private List<Throwable> readByAll(List<String> keys) throws Exception {
    List<Future<Integer>> ends = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      ends.add(
          callers.submit(
              () -> {
                int right = 0;
                for (int round = 0; round < 30; round++) {
                  right += readAll(keys);
                }
                return right;
              }));
    }
    List<Throwable> wrong = new ArrayList<>();
    for (Future<Integer> end : ends) {
      try {
        assertThat(end.get()).isEqualTo(30 * keys.size());
      } catch (Exception | AssertionError e) {
        wrong.add(e);
      }
    }
    return wrong;
  }
}
