package larder.cache.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import larder.cache.log.Tags;
import larder.dev.ShortWaits;
import larder.dev.servers.DocumentedRights;
import larder.dev.servers.RedisServer;
import larder.dev.servers.TestServers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.cache.Cache.ValueWrapper;
import org.springframework.cache.interceptor.SimpleKey;

/** Entries that are fields of hashes, by hand: two nodes on one real Redis. */
@ExtendWith(ShortWaits.class)
class FieldsIntegrationTests {

  private static final AtomicInteger TESTS = new AtomicInteger();
  private static final Layer ONE = layer(TestServers.redis(), Map.of());
  private static final Layer OTHER = layer(TestServers.redis(), Map.of());

  private final String name = "f" + TESTS.incrementAndGet();

  private static Layer layer(RedisServer redis, Map<String, String> more) {
    return layer(redis.url(), more);
  }

  private static Layer layer(String url, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>();
    IntStream.range(0, 40)
        .forEach(test -> settings.put("larder.caches.f%d.fields".formatted(test), "true"));
    settings.put("larder.defaults.jitter", "0");
    settings.put("larder.defaults.ttl", "100s");
    settings.put("larder.defaults.not-found-ttl", "1s");
    settings.put("larder.defaults.early-refresh", "0");
    settings.putAll(more);
    return new Layer(url, "fields", settings);
  }

  @BeforeAll
  static void current() {
    ONE.awaitCurrent();
    OTHER.awaitCurrent();
  }

  /** A cache without methods reads what is of a type that it has written. */
  @BeforeEach
  void knowTexts() {
    cache(ONE).put(key("types", "text"), "a text");
    cache(OTHER).put(key("types", "text"), "a text");
  }

  @AfterAll
  static void close() {
    ONE.close();
    OTHER.close();
  }

  private static SimpleKey key(Object first, Object second) {
    return new SimpleKey(first, second);
  }

  private String hash(Object first) {
    return "fields:%s:v1:%s:fields".formatted(name, first);
  }

  private String redis(String... command) {
    return TestServers.redis().command(command);
  }

  private LarderCache cache(Layer layer) {
    return layer.manager.getCache(name);
  }

  private @Nullable Object read(Layer layer, Object first, Object second) {
    ValueWrapper found = cache(layer).get(key(first, second));
    return found == null ? null : found.get();
  }

  private void stored(Object first, Object second, @Nullable Object value) {
    cache(ONE).put(key(first, second), value);
    inRedis(first, second);
  }

  private void inRedis(Object first, Object second) {
    await()
        .untilAsserted(
            () -> assertThat(redis("HEXISTS", hash(first), second.toString())).isEqualTo("1"));
  }

  @Test
  void theFirstPartNamesTheHashAndTheSecondTheField() {
    stored(42L, "theme", "dark");
    stored(42L, "page-size", 50);
    assertThat(redis("HLEN", hash(42))).isEqualTo("2");
    assertThat(redis("EXISTS", "fields:%s:v1:(42,theme)".formatted(name))).isEqualTo("0");
    assertThat(Long.parseLong(redis("PTTL", hash(42)))).isBetween(1L, 100_000L);
    assertThat(read(OTHER, 42L, "absent")).isNull();
  }

  @Test
  void keysOfOneOrThreePartsHaveKeysOfTheirOwn() {
    stored(42L, "theme", "dark");
    cache(ONE).put(42L, "whole");
    cache(ONE).put(new SimpleKey(42L, "a", "b"), "three");
    await()
        .untilAsserted(
            () -> {
              assertThat(redis("TYPE", "fields:%s:v1:42".formatted(name))).isEqualTo("string");
              assertThat(redis("TYPE", "fields:%s:v1:(42,a,b)".formatted(name)))
                  .isEqualTo("string");
            });
    ONE.near.clear();
    assertThat(read(ONE, 42L, "theme")).isEqualTo("dark");
    assertThat(Objects.requireNonNull(cache(ONE).get(42L)).get()).isEqualTo("whole");
  }

  @Test
  void aFieldChangedOnOneNodeLeavesTheOthersOnAll() {
    AtomicInteger loads = new AtomicInteger();
    for (String field : List.of("a", "b", "c")) {
      load(ONE, 1, field, loads);
      inRedis(1, field);
      load(OTHER, 1, field, loads);
    }
    assertThat(loads).hasValue(3);

    cache(OTHER).put(key(1, "b"), "new");
    await().untilAsserted(() -> assertThat(load(ONE, 1, "b", loads)).isEqualTo("new"));
    cache(ONE).evict(key(1, "c"));
    await().untilAsserted(() -> assertThat(read(OTHER, 1, "c")).isNull());
    int before = loads.get();
    for (Layer layer : List.of(ONE, OTHER)) {
      layer.near.clear();
      assertThat(load(layer, 1, "a", loads)).isEqualTo("a1");
      assertThat(load(layer, 1, "b", loads)).isEqualTo("new");
    }
    assertThat(loads).hasValue(before);
    assertThat(redis("HEXISTS", hash(1), "c")).isEqualTo("0");
  }

  private @Nullable Object load(Layer layer, Object first, String field, AtomicInteger loads) {
    return cache(layer)
        .get(
            key(first, field),
            () -> {
              loads.incrementAndGet();
              return field + first;
            });
  }

  @Test
  void aFieldOfShortLifeDoesNotShortenTheHashsAndEndsByItself() {
    stored(1, "long", "v");
    stored(1, "short", null);
    assertThat(Long.parseLong(redis("PTTL", hash(1)))).isGreaterThan(50_000);
    stored(2, "short", null);
    assertThat(Long.parseLong(redis("PTTL", hash(2)))).isBetween(1L, 1_000L);
    stored(2, "long", "v");
    assertThat(Long.parseLong(redis("PTTL", hash(2)))).isGreaterThan(50_000);
    OTHER.near.clear();
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(cache(OTHER).get(key(1, "short"))).isNull());
    assertThat(redis("HEXISTS", hash(1), "short")).isEqualTo("1");
    assertThat(read(OTHER, 1, "long")).isEqualTo("v");
  }

  /** A hash that lives on for one field's sake does not gather those that are over. */
  @Test
  void fieldsThatAreOverDoNotGather() {
    Map<SimpleKey, Object> nothing = new HashMap<>();
    List<SimpleKey> keys = IntStream.range(0, 300).mapToObj(i -> key(1, "gone" + i)).toList();
    fetch(ONE, keys, nothing, new ArrayList<>());
    await().untilAsserted(() -> assertThat(redis("HLEN", hash(1))).isEqualTo("300"));
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(cache(OTHER).get(keys.get(0))).isNull());
    AtomicInteger puts = new AtomicInteger();
    await()
        .pollInterval(Duration.ofMillis(10))
        .untilAsserted(
            () -> {
              stored(1, "kept" + puts.getAndIncrement() % 10, "v");
              assertThat(Integer.parseInt(redis("HLEN", hash(1)))).isLessThanOrEqualTo(64);
            });
    for (int i = 0; i < 10; i++) {
      assertThat(redis("HEXISTS", hash(1), "kept" + i)).isEqualTo("1");
    }
  }

  /** Of the first format, which other nodes may write as long as a deploy lasts. */
  @Test
  void fieldsOfTheFormatBeforeDoNotGatherEither() {
    redis(
        "EVAL",
        """
        local function entry(expires)
          return 'L\\1\\0\\0' .. string.rep('x', 28) .. struct.pack('>I8', expires) .. string.rep('x', 9)
        end
        for i = 1, 300 do
          redis.call('HSET', KEYS[1], 'gone' .. i, entry(1700000000000))
        end
        for i = 1, 10 do
          redis.call('HSET', KEYS[1], 'kept' .. i, entry(9000000000000))
        end
        """,
        "1",
        hash(1));
    await()
        .pollInterval(Duration.ofMillis(10))
        .untilAsserted(
            () -> {
              stored(1, "a", "v");
              assertThat(Integer.parseInt(redis("HLEN", hash(1)))).isLessThanOrEqualTo(64);
            });
    for (int i = 1; i <= 10; i++) {
      assertThat(redis("HEXISTS", hash(1), "kept" + i)).isEqualTo("1");
    }
    assertThat(readAnew(OTHER, 1, "kept1")).isNull();
  }

  private Map<SimpleKey, Object> fetch(
      Layer layer, List<SimpleKey> keys, Map<SimpleKey, Object> values, List<SimpleKey> loaded) {
    try {
      return cache(layer)
          .getAll(
              keys,
              new BulkLoader<SimpleKey>() {
                @Override
                public Loads<SimpleKey> load(List<SimpleKey> missing) {
                  loaded.addAll(missing);
                  return new Loads<>(values, key -> Tags.NONE);
                }

                @Override
                public boolean remembersNotFound() {
                  return true;
                }
              });
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void severalFieldsOfSeveralHashesAreReadTogether() {
    Map<SimpleKey, Object> values = new HashMap<>();
    for (int first = 0; first < 3; first++) {
      for (int second = 0; second < 4; second++) {
        values.put(key(first, second), first + "-" + second);
      }
    }
    List<SimpleKey> keys = List.copyOf(values.keySet());
    List<SimpleKey> loaded = new ArrayList<>();
    assertThat(fetch(ONE, keys, values, loaded)).isEqualTo(values);
    assertThat(loaded).hasSize(12);
    for (int first = 0; first < 3; first++) {
      inRedis(first, 0);
    }
    loaded.clear();
    assertThat(fetch(OTHER, keys, values, loaded)).isEqualTo(values);
    OTHER.near.clear();
    assertThat(fetch(OTHER, keys.stream().filter(k -> isOf(1, k)).toList(), values, loaded))
        .hasSize(4);
    assertThat(loaded).isEmpty();

    cache(ONE).evictAll(keys.stream().filter(k -> !isOf(2, k)).toList());
    await()
        .untilAsserted(
            () -> {
              assertThat(redis("EXISTS", hash(0), hash(1))).isEqualTo("0");
              assertThat(redis("HLEN", hash(2))).isEqualTo("4");
            });
  }

  private static boolean isOf(int first, SimpleKey key) {
    return key.equals(key(first, 0))
        || key.equals(key(first, 1))
        || key.equals(key(first, 2))
        || key.equals(key(first, 3));
  }

  @Test
  void aFieldThatHoldsJunkIsLoadedAgain() {
    stored(1, "a", "v");
    stored(1, "b", "w");
    redis("HSET", hash(1), "a", "junk");
    ONE.near.clear();
    AtomicInteger loads = new AtomicInteger();
    assertThat(load(ONE, 1, "a", loads)).isEqualTo("a1");
    assertThat(load(ONE, 1, "b", loads)).isEqualTo("w");
    assertThat(loads).hasValue(1);
    await().untilAsserted(() -> assertThat(readAnew(OTHER, 1, "a")).isEqualTo("a1"));
  }

  private @Nullable Object readAnew(Layer layer, Object first, Object second) {
    layer.near.clear();
    return read(layer, first, second);
  }

  @Test
  void aValueOfAnotherFieldIsNotTakenForOnesOwn() {
    stored(1, "a", "v");
    redis(
        "EVAL",
        "return redis.call('HSET', KEYS[1], 'b', redis.call('HGET', KEYS[1], 'a'))",
        "1",
        hash(1));
    assertThat(redis("HEXISTS", hash(1), "b")).isEqualTo("1");
    assertThat(read(OTHER, 1, "b")).isNull();
  }

  /** What stands in the way is a miss, does not open the breaker, and makes room. */
  @Test
  void aKeyThatIsNoHashIsMended() {
    for (List<String> command :
        List.of(
            List.of("SET", hash(1), "junk"),
            List.of("RPUSH", hash(1), "junk"),
            List.of("SADD", hash(1), "junk"))) {
      redis("DEL", hash(1));
      redis(command.toArray(String[]::new));
      ONE.near.clear();
      AtomicInteger loads = new AtomicInteger();
      assertThat(load(ONE, 1, "a", loads)).isEqualTo("a1");
      assertThat(loads).hasValue(1);
      assertThat(ONE.calls.isAvailable()).isTrue();
      await().untilAsserted(() -> assertThat(redis("TYPE", hash(1))).isEqualTo("hash"));
      await().untilAsserted(() -> assertThat(readAnew(OTHER, 1, "a")).isEqualTo("a1"));
    }
  }

  @Test
  void oneHashThatIsNoneDoesNotHideTheOthers() {
    stored(1, "a", "v");
    stored(2, "a", "w");
    redis("DEL", hash(1));
    redis("SET", hash(1), "junk");
    List<SimpleKey> keys = List.of(key(1, "a"), key(2, "a"));
    List<SimpleKey> loaded = new ArrayList<>();
    assertThat(fetch(OTHER, keys, Map.of(key(1, "a"), "new"), loaded))
        .isEqualTo(Map.of(key(1, "a"), "new", key(2, "a"), "w"));
    assertThat(loaded).containsExactly(key(1, "a"));
    assertThat(OTHER.calls.isAvailable()).isTrue();
    redis("SET", hash(2), "junk");
    cache(ONE).evict(key(2, "a"));
    assertThat(ONE.calls.isAvailable()).isTrue();
    ONE.near.clear();
    assertThat(read(ONE, 2, "a")).isNull();
  }

  @Test
  void clearTouchesNoHash() {
    stored(1, "a", "v");
    assertThat(read(OTHER, 1, "a")).isEqualTo("v");
    cache(ONE).clear();
    assertThat(read(ONE, 1, "a")).isNull();
    await().untilAsserted(() -> assertThat(read(OTHER, 1, "a")).isNull());
    assertThat(redis("HLEN", hash(1))).isEqualTo("1");
  }

  @Test
  void aRaisedVersionHasHashesOfItsOwnAndLeavesTheOld() {
    stored(1, "a", "old");
    String before = redis("HSTRLEN", hash(1), "a");
    try (Layer raised =
        layer(TestServers.redis(), Map.of("larder.caches.%s.version".formatted(name), "2"))) {
      raised.awaitCurrent();
      assertThat(read(raised, 1, "a")).isNull();
      cache(raised).put(key(1, "a"), "new");
      String hash = "fields:%s:v2:1:fields".formatted(name);
      await().untilAsserted(() -> assertThat(redis("HLEN", hash)).isEqualTo("1"));
      assertThat(redis("HSTRLEN", hash(1), "a")).isEqualTo(before);
      await().untilAsserted(() -> assertThat(read(ONE, 1, "a")).isNull());
    }
  }

  /** Nodes of which one has fields and the other has not, as during a deploy. */
  @Test
  void whoHasNoFieldsYetHearsOfAChangeAllTheSame() {
    try (Layer whole =
        layer(TestServers.redis(), Map.of("larder.caches.%s.fields".formatted(name), "false"))) {
      whole.awaitCurrent();
      stored(1, "a", "old");
      assertThat(read(whole, 1, "a")).isNull();
      cache(whole).put(key(1, "a"), "new");
      await().untilAsserted(() -> assertThat(read(ONE, 1, "a")).isNull());
      stored(1, "a", "newer");
      await().untilAsserted(() -> assertThat(read(whole, 1, "a")).isNull());
    }
  }

  @Test
  void theKeyPageSeesAField() {
    stored(1, "a", "v");
    assertThat(cache(ONE).inspect("(1,a)"))
        .extracting(EntryReport::tier)
        .containsExactly("near", "remote");
    String keyTag = Long.toHexString(Tags.hash("k:" + cache(ONE).getName() + ":(1,a)"));
    assertThat(cache(ONE).inspect("(1,a)"))
        .allSatisfy(report -> assertThat(report.tags()).hasSize(2).contains(keyTag));
    cache(ONE).evictText("(1,a)");
    await().untilAsserted(() -> assertThat(redis("EXISTS", hash(1))).isEqualTo("0"));
    assertThat(cache(ONE).inspect("(1,")).isEmpty();
  }

  /** The rights are those that the operations page gives. */
  @Test
  void aUserWithTheLeastRights() throws IOException {
    try (RedisServer redis = TestServers.separateRedis()) {
      List<String> command = new ArrayList<>(List.of("ACL", "SETUSER", "app"));
      String rights = DocumentedRights.with("fields").replace("larder", "fields");
      Collections.addAll(command, rights.split(" "));
      redis.command(command.toArray(String[]::new));
      String url = redis.url().replace("redis://", "redis://app:secret@");
      try (Layer layer = layer(url, Map.of())) {
        layer.awaitCurrent();
        Map<SimpleKey, Object> values = new HashMap<>();
        IntStream.range(0, 70).forEach(i -> values.put(key(i % 2 * i, i), "v"));
        List<SimpleKey> keys = List.copyOf(values.keySet());
        fetch(layer, keys, values, new ArrayList<>());
        IntStream.range(0, 70).forEach(i -> values.put(key(7, i), "v"));
        fetch(layer, List.copyOf(values.keySet()), values, new ArrayList<>());
        await().until(() -> redis.command("HLEN", hash(7)).equals("70"));
        redis.command("DEL", hash(1));
        redis.command("SET", hash(1), "junk");
        cache(layer).put(key(1, "a"), "v");
        await().until(() -> redis.command("HEXISTS", hash(1), "a").equals("1"));
        layer.near.clear();
        assertThat(read(layer, 1, "a")).isEqualTo("v");
        cache(layer).evictAll(List.of(key(1, "a"), key(7, 0)));
        cache(layer).evict(key(7, 1));
        await().until(() -> redis.command("HLEN", hash(7)).equals("68"));
      }
      assertThat(redis.command("ACL", "LOG")).doesNotContain(":fields").doesNotContain("hrand");
      assertThat(redis.command("INFO", "commandstats"))
          .contains("cmdstat_hrandfield:", "cmdstat_hlen:");
    }
  }

  @Test
  void withoutRedisTheMethodAnswersAndItComesBack() {
    try (RedisServer redis = TestServers.separateRedis();
        Layer layer = layer(redis, Map.of("larder.remote.deadline", "200ms"))) {
      layer.awaitCurrent();
      AtomicInteger loads = new AtomicInteger();
      load(layer, 1, "a", loads);
      await().until(() -> redis.command("HEXISTS", hash(1), "a").equals("1"));
      redis.suspend();
      try {
        layer.near.clear();
        assertThat(load(layer, 1, "a", loads)).isEqualTo("a1");
        assertThat(loads).hasValue(2);
        assertThat(fetch(layer, List.of(key(1, "b")), Map.of(key(1, "b"), "x"), new ArrayList<>()))
            .hasSize(1);
        cache(layer).put(key(1, "a"), "changed");
        await().until(() -> !layer.calls.isAvailable());
      } finally {
        redis.resume();
      }
      await().atMost(Duration.ofSeconds(20)).until(layer.calls::isAvailable);
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () -> {
                cache(layer).put(key(1, "a"), "again");
                layer.near.clear();
                assertThat(read(layer, 1, "a")).isEqualTo("again");
              });
    }
  }
}
