package larder.cache.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import larder.dev.ShortWaits;
import larder.dev.servers.Loopback;
import larder.dev.servers.RedisServer;
import larder.dev.servers.TestServers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.cache.Cache;
import org.springframework.cache.Cache.ValueWrapper;

/** The cache while a real Redis is away, hangs, is full or refuses, and when it is back. */
@ExtendWith(ShortWaits.class)
class RedisAwayIntegrationTests {

  private static final Duration BACK = Duration.ofSeconds(20);
  private static final RedisServer REDIS = TestServers.separateRedis();

  @AfterAll
  static void stop() {
    REDIS.close();
  }

  @Test
  void aHungRedisCostsOneDeadline() {
    try (Layer layer = hasty()) {
      Cache cache = cache(layer);
      REDIS.suspend();
      try {
        assertThat(millisOf(() -> loadFiftyTimes(cache))).isLessThan(1_000);
        await().atMost(BACK).until(() -> !layer.calls.isAvailable());
        assertThat(millisOf(() -> loadFiftyTimes(cache))).isLessThan(500);
      } finally {
        REDIS.resume();
      }
      back(layer);
      cache.get("k", () -> "v");
      assertThat(cache.get("k")).isNotNull();
    }
  }

  @Test
  void everyOperationOnAHungRedisIsShort() {
    Map<String, Consumer<Cache>> operations =
        Map.of(
            "put", cache -> cache.put("put", "v"),
            "evict", cache -> cache.evict("evicted"),
            "evictIfPresent", cache -> cache.evictIfPresent("removed"),
            "clear", Cache::clear,
            "invalidate", Cache::invalidate,
            "putIfAbsent", cache -> cache.putIfAbsent("absent", "v"),
            "get", cache -> assertThat(cache.get("nothing")).isNull(),
            "load", cache -> assertThat(cache.get("load", () -> "v")).isEqualTo("v"),
            "retrieve", cache -> assertThat(cache.retrieve("later")).isNull());
    operations.forEach(
        (name, operation) -> {
          try (Layer layer = quick()) {
            Cache cache = layer.manager.getCache(name);
            REDIS.suspend();
            try {
              assertThat(millisOf(() -> operation.accept(cache))).as(name).isLessThan(900);
            } finally {
              REDIS.resume();
            }
          }
        });
  }

  @Test
  void whatWasRemovedWhileRedisHungIsGoneAndStaysSo() {
    try (Layer layer = quick()) {
      Cache cache = cache(layer);
      Cache whole = layer.manager.getCache("whole");
      whole.put("k", "old");
      for (String key : List.of("evicted", "put", "kept")) {
        cache.put(key, "old");
        await().atMost(BACK).until(() -> inRedis("away:away:v1:" + key));
      }
      await().atMost(BACK).until(() -> inRedis("away:whole:v1:k"));
      REDIS.suspend();
      try {
        cache.evict("evicted");
        cache.put("put", "new");
        whole.clear();
        for (int i = 0; i < 20; i++) {
          cache.evict("absent" + i);
        }
        assertRemoved(cache, whole);
      } finally {
        REDIS.resume();
      }
      while (!layer.service.isCurrent()) {
        assertRemoved(cache, whole);
      }
      for (int i = 0; i < 200; i++) {
        layer.near.clear();
        assertRemoved(cache, whole);
      }
      await().atMost(BACK).until(() -> cache.get("kept") != null);
    }
  }

  private static void assertRemoved(Cache cache, Cache whole) {
    assertThat(cache.get("evicted")).isNull();
    assertThat(value(cache, "put")).isIn(null, "new");
    assertThat(whole.get("k")).isNull();
  }

  @Test
  void aKilledRedisIsUsedAgainWhenItIsBack() {
    try (Layer layer = hasty()) {
      Cache cache = cache(layer);
      cache.put("k", "v");
      REDIS.kill();
      try {
        assertThat(millisOf(() -> loadFiftyTimes(cache))).isLessThan(1_000);
        cache.put("k", "w");
        cache.evict("k");
        cache.clear();
        assertThat(cache.get("k")).isNull();
        assertThat(cache.get("load1")).isNull();
      } finally {
        REDIS.restart();
      }
      back(layer);
      assertThat(cache.get("k")).isNull();
      cache.get("back", () -> "v");
      await().atMost(BACK).until(() -> inRedis("away:away:v1:back"));
    }
  }

  /** A restarted server is another history: nothing from before it counts, wherever it is. */
  @Test
  void whatWasKeptNearIsNotServedAfterTheLogIsLost() {
    try (Layer layer = patient()) {
      Cache cache = cache(layer);
      cache.put("k", "v");
      long epoch = layer.follower.position().epoch();
      REDIS.restart();
      await().atMost(BACK).until(() -> layer.follower.position().epoch() > epoch);

      assertThat(cache.get("k")).isNull();
    }
  }

  @Test
  void aRedisThatAppearsLateIsUsed() {
    REDIS.kill();
    long began = System.nanoTime();
    try (Layer layer = away("40ms", "2s")) {
      assertThat(System.nanoTime() - began).isLessThan(5_000_000_000L);
      Cache cache = cache(layer);
      assertThat(cache.get("k", () -> "v")).isEqualTo("v");
      cache.evict("k");

      REDIS.restart();
      back(layer);
      cache.get("k", () -> "w");
      assertThat(value(cache, "k")).isEqualTo("w");
      await().atMost(BACK).until(() -> inRedis("away:away:v1:k"));
    }
  }

  @Test
  void aFullRedisKeepsItsHitsAndForgetsWhatWasReplaced() {
    try (Layer layer = patient()) {
      refusesWrites(
          layer,
          () -> {
            REDIS.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
            REDIS.command("CONFIG", "SET", "maxmemory", "1");
          },
          () -> {
            REDIS.command("CONFIG", "SET", "maxmemory", "128mb");
            REDIS.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lfu");
          });
    }
  }

  @Test
  void aRedisThatTakesNoWritesKeepsItsHitsAndForgetsWhatWasReplaced() {
    try (Layer layer = patient()) {
      refusesWrites(
          layer,
          () -> REDIS.command("CONFIG", "SET", "min-replicas-to-write", "1"),
          () -> REDIS.command("CONFIG", "SET", "min-replicas-to-write", "0"));
    }
  }

  @Test
  void aReadOnlyReplicaKeepsItsHitsAndForgetsWhatWasReplaced() {
    try (Layer layer = patient()) {
      refusesWrites(
          layer,
          () -> REDIS.command("REPLICAOF", "127.0.0.1", "" + Loopback.freePort()),
          () -> REDIS.command("REPLICAOF", "NO", "ONE"));
    }
  }

  private static void refusesWrites(Layer layer, Runnable begin, Runnable end) {
    Cache cache = cache(layer);
    cache.put("kept", "v");
    cache.put("evicted", "old");
    cache.put("put", "old");
    await().atMost(BACK).until(() -> inRedis("away:away:v1:put"));
    begin.run();
    try {
      assertThat(cache.get("new", () -> "v")).isEqualTo("v");
      assertThat(cache.get("kept")).isNotNull();
      cache.evict("evicted");
      assertThat(cache.get("evicted")).isNull();
      cache.put("put", "new");
      assertThat(value(cache, "put")).isIn(null, "new");
      assertThat(cache.get("kept")).isNotNull();
      cache.clear();
      assertThat(cache.get("kept")).isNull();
      await().atMost(BACK).untilAsserted(() -> assertRefusalIsAnAnswer(layer, cache));
    } finally {
      end.run();
    }
    await().atMost(BACK).until(() -> layer.follower.outstanding().isEmpty());
    assertThat(cache.get("evicted")).isNull();
    assertThat(value(cache, "put")).isIn(null, "new");
    assertThat(cache.get("kept")).isNull();
    back(layer);
    cache.put("kept", "w");
    assertThat(value(cache, "kept")).isEqualTo("w");
  }

  /**
   * A refused write leaves Redis available. A server that becomes a replica closes the connection
   * on which the log waits, which may count as no answer once.
   */
  private static void assertRefusalIsAnAnswer(Layer layer, Cache cache) {
    assertThat(layer.calls.isAvailable()).as("before a refusal").isTrue();
    cache.evict("refused");
    assertThat(layer.calls.isAvailable()).as("after a refusal").isTrue();
  }

  @Test
  void aWrongPasswordIsAnAbsentRedis() {
    REDIS.command("CONFIG", "SET", "requirepass", "right");
    try (Layer layer = away("40ms", "2s")) {
      assertThat(layer.calls.isAvailable()).isFalse();
      assertThat(millisOf(() -> loadFiftyTimes(cache(layer)))).isLessThan(1_000);
      cache(layer).put("k", "v");
      cache(layer).clear();
      assertThat(cache(layer).get("k")).isNull();
    } finally {
      REDIS.restart();
    }
  }

  @Test
  void aClosedLayerAsksNobody() {
    Layer layer = patient();
    Cache cache = cache(layer);
    cache.put("k", "v");
    layer.close();

    assertThat(cache.get("absent")).isNull();
    assertThat(cache.get("l", () -> "loaded")).isEqualTo("loaded");
    cache.evict("k");
    assertThat(cache.get("k")).isNull();
    cache.clear();
    assertThat(cache.get("l")).isNull();
  }

  @Test
  void anInterruptedCallerStillRemoves() {
    try (Layer layer = patient()) {
      Cache cache = cache(layer);
      cache.put("k", "old");
      Thread.currentThread().interrupt();
      cache.evict("k");
      assertThat(Thread.interrupted()).isTrue();

      assertThat(cache.get("k")).isNull();
      await().atMost(BACK).until(() -> layer.follower.outstanding().isEmpty());
      assertThat(cache.get("k")).isNull();
    }
  }

  /** Interruption is the caller's affair: the load goes on, and still knows of it. */
  @Test
  void anInterruptedCallerStillLoadsAndStaysInterrupted() {
    try (Layer layer = patient()) {
      Cache cache = cache(layer);
      Thread.currentThread().interrupt();
      assertThat(cache.get("interrupted", () -> "v")).isEqualTo("v");
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  private static void back(Layer layer) {
    await().atMost(BACK).until(layer.service::isCurrent);
    await().atMost(BACK).until(layer.calls::isAvailable);
  }

  private static boolean inRedis(String key) {
    return REDIS.command("EXISTS", key).equals("1");
  }

  private static void loadFiftyTimes(Cache cache) {
    for (int i = 0; i < 50; i++) {
      String key = "load" + i;
      assertThat(cache.get(key, () -> "loaded")).isEqualTo("loaded");
    }
  }

  private static long millisOf(Runnable action) {
    long began = System.nanoTime();
    action.run();
    return (System.nanoTime() - began) / 1_000_000;
  }

  private static @Nullable Object value(Cache cache, String key) {
    ValueWrapper found = cache.get(key);
    return found == null ? null : found.get();
  }

  private static Cache cache(Layer layer) {
    return Objects.requireNonNull(layer.manager.getCache("away"));
  }

  /** A current layer with the deadline that applications have. */
  private static Layer hasty() {
    return current(away("40ms", "2s"));
  }

  private static Layer quick() {
    return current(away("200ms", "2s"));
  }

  private static Layer patient() {
    return current(away("2s", "20s"));
  }

  private static Layer away(String deadline, String bound) {
    return new Layer(
        REDIS.url(),
        "away",
        Map.of("larder.remote.deadline", deadline, "larder.max-staleness", bound));
  }

  private static Layer current(Layer layer) {
    back(layer);
    cache(layer).clear();
    return layer;
  }
}
