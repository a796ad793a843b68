package larder.topologies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.Objects;
import larder.cache.adviser.Adviser;
import larder.cache.adviser.Finding;
import larder.cache.metrics.RedisMetrics;
import larder.cache.redis.RedisSampler;
import larder.dev.servers.Programs;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a node knows of its Redis, and what it finds wrong there. */
@Timeout(60)
class AdviserIntegrationTests {

  private static final int SCRAPES = 20_000;

  private final MeterRegistry meters = new SimpleMeterRegistry();
  private RedisProcess redis;
  private @Nullable Node node;

  @BeforeEach
  void startRedis() {
    redis = RedisProcess.start(new Programs(Programs.SHARED_FOLDER, System.out::println).redis());
  }

  private void startNode() {
    node =
        Node.start(
            "a",
            new Prices(),
            Map.of(
                "spring.data.redis.port", redis.port(),
                "larder.caches.prices.ttl", "5m",
                "larder.remote.deadline", "1s",
                "larder.remote.figures-interval", "100ms"));
    new RedisMetrics(node().part(RedisSampler.class)).bindTo(meters);
  }

  private Node node() {
    return Objects.requireNonNull(node);
  }

  @AfterEach
  void stop() {
    redis.resume();
    if (node != null) {
      node.close();
    }
    redis.close();
  }

  @Test
  void findsWhatIsSetWronglyUntilItIsSetRight() {
    set("maxmemory", "0", "maxmemory-policy", "noeviction", "appendonly", "yes");
    startNode();
    awaitRules("maxmemory-unset", "noeviction", "persistence");

    set("maxmemory", "64mb", "maxmemory-policy", "allkeys-lfu", "appendonly", "no");
    awaitRules();

    set("save", "1 1");
    node().change("item");
    awaitRules("persistence");
  }

  @Test
  void findsKeysOfOthers() {
    set("maxmemory", "64mb", "maxmemory-policy", "allkeys-lfu");
    redis.command("SET", "jobs:1", "x");
    startNode();
    awaitRules("shared-redis");
    assertThat(node().part(Adviser.class).findings())
        .extracting(Finding::reason)
        .singleElement()
        .asString()
        .contains("such as jobs:...");
  }

  /** Each scrape would take a second if it asked a Redis that hangs. */
  @Test
  void figuresGetOldWithoutKeepingAnybodyWaiting() {
    set("maxmemory", "64mb", "maxmemory-policy", "allkeys-lfu");
    startNode();
    await().untilAsserted(() -> assertThat(memory("used")).isPositive());
    assertThat(memory("max")).isEqualTo(64 * 1024 * 1024);
    assertThat(count("evicted.keys")).isZero();
    node().read("item");
    await().untilAsserted(() -> assertThat(count("keyspace.misses")).isPositive());

    redis.suspend();
    await()
        .untilAsserted(
            () -> {
              assertThat(memory("used")).isNaN();
              assertThat(count("evicted.keys")).isNaN();
            });
    for (int i = 0; i < SCRAPES; i++) {
      assertThat(memory("used")).isNaN();
    }
    assertThat(node().part(Adviser.class).findings()).isEmpty();

    redis.resume();
    await().untilAsserted(() -> assertThat(memory("used")).isPositive());
  }

  private void awaitRules(String... rules) {
    await()
        .untilAsserted(
            () ->
                assertThat(node().part(Adviser.class).findings())
                    .extracting(Finding::rule)
                    .containsExactly(rules));
  }

  private void set(String... settings) {
    for (int i = 0; i < settings.length; i += 2) {
      redis.command("CONFIG", "SET", settings[i], settings[i + 1]);
    }
  }

  private double memory(String which) {
    return meters.get("larder.redis.memory." + which).gauge().value();
  }

  private double count(String what) {
    return meters.get("larder.redis." + what).functionCounter().count();
  }
}
