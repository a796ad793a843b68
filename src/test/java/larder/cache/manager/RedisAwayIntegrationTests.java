package larder.cache.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import larder.dev.servers.Loopback;
import larder.dev.servers.RedisServer;
import larder.dev.servers.TestServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;
import org.springframework.cache.Cache.ValueWrapper;

/** The cache while a real Redis is away, hangs, is full or refuses, and when it is back. */
class RedisAwayIntegrationTests {

  private static final Duration BACK = Duration.ofSeconds(10);
  private static final RedisServer REDIS = TestServers.separateRedis();

  @AfterAll
  static void stop() {
    REDIS.close();
  }

  @Test
  void aHungRedisCostsOneDeadline() {
    try (Layer layer = hasty()) {
      Cache cache = cache(layer);
      cache.put("k", "v");
      REDIS.suspend();
      try {
        long millis = millisOf(() -> loadFiftyTimes(cache));
        assertThat(millis).isLessThan(1_000);
        assertThat(layer.store.isAvailable()).isFalse();
      } finally {
        REDIS.resume();
      }
      await().atMost(BACK).until(() -> cache.get("k") != null);
    }
  }

  @Test
  void everyOperationOnAHungRedisIsShort() {
    Map<String, Runnable> operations =
        Map.of(
            "put", () -> cache().put("k", "v"),
            "evict", () -> cache().evict("k"),
            "evictIfPresent", () -> cache().evictIfPresent("k"),
            "clear", () -> cache().clear(),
            "invalidate", () -> cache().invalidate(),
            "putIfAbsent", () -> cache().putIfAbsent("k", "v"),
            "retrieve", () -> assertThat(cache().retrieve("k")).isNull());
    try (Layer layer = quick()) {
      current = cache(layer);
      operations.forEach(
          (name, operation) -> {
            await().atMost(BACK).until(layer.store::isAvailable);
            REDIS.suspend();
            try {
              assertThat(millisOf(operation)).as(name).isLessThan(900);
              assertThat(layer.store.isAvailable()).as(name).isFalse();
            } finally {
              REDIS.resume();
            }
          });
    }
  }

  @Test
  void whatWasRemovedWhileRedisHungIsGoneWhenItIsBack() {
    try (Layer layer = quick()) {
      Cache cache = cache(layer);
      Cache whole = layer.manager.getCache("whole");
      whole.put("k", "old");
      cache.put("evicted", "old");
      cache.put("put", "old");
      cache.put("kept", "old");
      REDIS.suspend();
      try {
        cache.evict("evicted");
        cache.put("put", "new");
        whole.clear();
        for (int i = 0; i < 20; i++) {
          cache.evict("absent" + i);
        }
      } finally {
        REDIS.resume();
      }
      await().atMost(BACK).until(layer.store::isAvailable);
      assertThat(cache.get("evicted")).isNull();
      assertThat(value(cache, "put")).isIn(null, "new");
      assertThat(whole.get("k")).isNull();
      assertThat(cache.get("kept")).isNotNull();
    }
  }

  @Test
  void aKilledRedisIsUsedAgainWhenItIsBack() {
    try (Layer layer = hasty()) {
      Cache cache = cache(layer);
      cache.put("k", "v");
      REDIS.kill();
      assertThat(millisOf(() -> loadFiftyTimes(cache))).isLessThan(1_000);
      cache.put("k", "w");
      cache.evict("k");
      cache.clear();
      assertThat(cache.get("k")).isNull();

      REDIS.restart();
      await()
          .atMost(BACK)
          .until(
              () -> {
                cache.get("back", () -> "v");
                return cache.get("back") != null;
              });
    }
  }

  @Test
  void aRedisThatAppearsLateIsUsed() {
    int port = REDIS.port();
    REDIS.kill();
    long began = System.nanoTime();
    try (Layer layer = hasty()) {
      assertThat(System.nanoTime() - began).isLessThan(5_000_000_000L);
      Cache cache = cache(layer);
      assertThat(cache.get("k", () -> "v")).isEqualTo("v");
      cache.evict("k");
      assertThat(REDIS.port()).isEqualTo(port);

      REDIS.restart();
      await().atMost(BACK).until(layer.store::isAvailable);
      cache.put("k", "v");
      assertThat(cache.get("k")).isNotNull();
    }
  }

  @Test
  void aFullRedisKeepsItsHitsAndForgetsWhatWasReplaced() {
    try (Layer layer = patient()) {
      Cache cache = cache(layer);
      cache.put("kept", "v");
      cache.put("put", "old");
      cache.put("evicted", "old");
      REDIS.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
      REDIS.command("CONFIG", "SET", "maxmemory", "1");
      try {
        assertThat(cache.get("new", () -> "v")).isEqualTo("v");
        assertThat(cache.get("new")).isNull();
        cache.put("put", "new");
        cache.evict("evicted");
        assertThat(cache.putIfAbsent("p", "v")).isNull();
        assertThat(cache.get("put")).isNull();
        assertThat(cache.get("evicted")).isNull();
        assertThat(cache.get("kept")).isNotNull();
      } finally {
        REDIS.command("CONFIG", "SET", "maxmemory", "128mb");
        REDIS.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lfu");
      }
      cache.put("put", "newer");
      assertThat(value(cache, "put")).isEqualTo("newer");
    }
  }

  /** Entries may be read from a Redis that takes no writes, until one of them is to be removed. */
  @Test
  void aRedisThatTakesNoWritesIsReadUntilAnEntryMustGo() {
    try (Layer layer = patient()) {
      refusesWrites(
          layer,
          () -> REDIS.command("CONFIG", "SET", "min-replicas-to-write", "1"),
          () -> REDIS.command("CONFIG", "SET", "min-replicas-to-write", "0"));
    }
  }

  @Test
  void aReadOnlyReplicaIsReadUntilAnEntryMustGo() {
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
    begin.run();
    try {
      assertThat(cache.get("new", () -> "v")).isEqualTo("v");
      assertThat(cache.get("kept")).isNotNull();
      cache.evict("evicted");
      assertThat(cache.get("evicted")).isNull();
      cache.put("put", "new");
      assertThat(value(cache, "put")).isIn(null, "new");
      cache.clear();
      assertThat(cache.get("kept")).isNull();
    } finally {
      end.run();
    }
    await().atMost(BACK).until(layer.store::isAvailable);
    assertThat(cache.get("evicted")).isNull();
    assertThat(value(cache, "put")).isIn(null, "new");
    assertThat(cache.get("kept")).isNull();
    cache.put("kept", "v");
    assertThat(cache.get("kept")).isNotNull();
  }

  @Test
  void aWrongPasswordIsAnAbsentRedis() {
    REDIS.command("CONFIG", "SET", "requirepass", "right");
    try (Layer layer = hasty()) {
      assertThat(layer.store.isAvailable()).isFalse();
      assertThat(millisOf(() -> loadFiftyTimes(cache(layer)))).isLessThan(1_000);
      cache(layer).put("k", "v");
      cache(layer).clear();
      assertThat(cache(layer).get("k")).isNull();
    } finally {
      REDIS.restart();
    }
  }

  @Test
  void aClosedLayerAnswersNothing() {
    Layer layer = patient();
    Cache cache = cache(layer);
    cache.put("k", "v");
    layer.close();

    assertThat(cache.get("k")).isNull();
    assertThat(cache.get("k", () -> "loaded")).isEqualTo("loaded");
    cache.evict("k");
    cache.clear();
  }

  @Test
  void anInterruptedCallerStillRemoves() {
    try (Layer layer = patient()) {
      Cache cache = cache(layer);
      cache.put("k", "old");
      Thread.currentThread().interrupt();
      cache.evict("k");
      assertThat(Thread.interrupted()).isTrue();

      await().atMost(BACK).until(layer.store::isAvailable);
      assertThat(cache.get("k")).isNull();
    }
  }

  private Cache current = new org.springframework.cache.support.NoOpCache("none yet");

  private Cache cache() {
    return current;
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

  private static @org.jspecify.annotations.Nullable Object value(Cache cache, String key) {
    ValueWrapper found = cache.get(key);
    return found == null ? null : found.get();
  }

  private static Cache cache(Layer layer) {
    return Objects.requireNonNull(layer.manager.getCache("away"));
  }

  /** A layer with the deadline that applications have. */
  private static Layer hasty() {
    return new Layer(REDIS.url(), "away", Map.of("larder.remote.deadline", "40ms"));
  }

  private static Layer quick() {
    return new Layer(REDIS.url(), "away", Map.of("larder.remote.deadline", "200ms"));
  }

  private static Layer patient() {
    return new Layer(REDIS.url(), "away", Map.of());
  }
}
