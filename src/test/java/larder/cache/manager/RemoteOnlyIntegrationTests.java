package larder.cache.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import larder.cache.statistics.CacheStatistics;
import larder.cache.statistics.Miss;
import larder.dev.servers.TestServers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;

/**
 * A node that keeps nothing itself.
 *
 * <p>Values are written to Redis without waiting, so that what was just put or loaded is found a
 * moment later.
 */
class RemoteOnlyIntegrationTests extends CacheContract {

  private static final Layer LAYER =
      new Layer(TestServers.redis().url(), "remote-only", Map.of("larder.near.max-size", "0B"));

  @BeforeAll
  static void current() {
    LAYER.awaitCurrent();
  }

  @AfterAll
  static void close() {
    LAYER.close();
  }

  @Override
  protected CacheManager manager() {
    return LAYER.manager;
  }

  @Override
  protected void settle(Cache settling, Object key) {
    await().atMost(Duration.ofSeconds(10)).until(() -> settling.get(key) != null);
  }

  @Test
  void keepsNothingItself() {
    Cache cache = LAYER.manager.getCache("mine");
    cache.get("k", () -> "v");
    settle(cache, "k");

    assertThat(LAYER.near.size()).isZero();
  }

  private static boolean exists(String key) {
    return TestServers.redis().command("EXISTS", key).equals("1");
  }

  private static void load(Cache cache, String key) {
    assertThat(cache.get(key, () -> "v")).isEqualTo("v");
    await().until(() -> exists("remote-only:" + cache.getName() + ":v1:" + key));
  }

  private static @Nullable String found(Cache cache, String key) {
    return cache.get(
        key,
        () -> {
          throw new AssertionError("loaded");
        });
  }

  @Test
  void whereRedisHasHardlyAnythingItIsAskedTogetherWithTheLock() {
    Cache cache = LAYER.manager.getCache("cold");
    CacheStatistics counted = LAYER.statistics.of("cold");
    long reads = LAYER.remote.readsSent();
    for (int i = 0; i < 10; i++) {
      load(cache, "k" + i);
      assertThat(exists("{remote-only:cold:v1:k" + i + "}:load")).isFalse();
    }

    assertThat(LAYER.remote.readsSent()).as("reads without the lock").isEqualTo(reads);
    assertThat(counted.misses(Miss.ABSENT)).isEqualTo(10);
    assertThat(counted.loads()).isEqualTo(10);
    assertThat(counted.remoteHits()).isZero();
  }

  @Test
  void whatIsThereAfterAllIsFoundWithoutTheLock() {
    Cache cache = LAYER.manager.getCache("there");
    CacheStatistics counted = LAYER.statistics.of("there");
    load(cache, "k");
    long reads = LAYER.remote.readsSent();

    assertThat(found(cache, "k")).isEqualTo("v");
    assertThat(LAYER.remote.readsSent()).as("reads without the lock").isEqualTo(reads);
    assertThat(exists("{remote-only:there:v1:k}:load")).isFalse();
    assertThat(counted.remoteHits()).isEqualTo(1);
    assertThat(counted.misses(Miss.ABSENT)).isEqualTo(1);
    assertThat(counted.loads()).isEqualTo(1);
  }

  @Test
  void whereRedisHasMostItIsAskedAlone() {
    Cache cache = LAYER.manager.getCache("warm");
    load(cache, "k");
    for (int i = 0; i < 10; i++) {
      found(cache, "k");
    }
    long reads = LAYER.remote.readsSent();

    assertThat(found(cache, "k")).isEqualTo("v");
    assertThat(LAYER.remote.readsSent()).isEqualTo(reads + 1);
  }

  @Test
  void whatIsCondemnedIsNotFetchedAndLeavesTheLockToTheOneWhoAsks() {
    Cache cache = LAYER.manager.getCache("condemned");
    CacheStatistics counted = LAYER.statistics.of("condemned");
    load(cache, "k");
    long reads = LAYER.remote.readsSent();
    cache.clear();

    assertThat(cache.get("k", () -> "new")).isEqualTo("new");
    assertThat(LAYER.remote.readsSent()).isEqualTo(reads);
    assertThat(counted.misses(Miss.INVALIDATED)).isEqualTo(1);
    settle(cache, "k");
    assertThat(found(cache, "k")).isEqualTo("new");
  }
}
