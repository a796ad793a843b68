package larder.cache.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import larder.cache.log.Appended;
import larder.cache.log.InvalidationLog;
import larder.cache.log.LogEntry;
import larder.cache.log.LogRecord;
import larder.cache.log.LogRecord.Heartbeat;
import larder.cache.log.LogRecord.Invalidation;
import larder.cache.log.Polled;
import larder.cache.log.Position;
import larder.cache.log.Tags;
import larder.dev.servers.TestServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Several keys of a cache at once, by hand, on a real Redis. */
class SeveralEntriesIntegrationTests {

  private static final List<Invalidation> APPENDED = new CopyOnWriteArrayList<>();
  private static final Map<String, String> SETTINGS =
      Map.of(
          "larder.defaults.not-found-ttl", "1h",
          "larder.caches.forgetful.not-found-ttl", "0s",
          "larder.caches.off.enabled", "false");
  private static final Layer LAYER =
      new Layer(TestServers.redis().url(), "several", SETTINGS, Listening::new);

  @BeforeAll
  static void current() {
    LAYER.awaitCurrent();
  }

  @AfterAll
  static void close() {
    LAYER.close();
  }

  /** Takes note of what is appended. */
  private record Listening(InvalidationLog log) implements InvalidationLog {

    @Override
    public Appended append(Position seen, LogRecord record) {
      if (record instanceof Invalidation invalidation) {
        APPENDED.add(invalidation);
      }
      return log.append(seen, record);
    }

    @Override
    public Appended heartbeat(Position seen, Heartbeat heartbeat) {
      return log.heartbeat(seen, heartbeat);
    }

    @Override
    public Polled poll(Position cursor, int limit) {
      return log.poll(cursor, limit);
    }

    @Override
    public List<LogEntry> await(Position position, int limit, Duration longest) {
      return log.await(position, limit, longest);
    }
  }

  /** Brings a text for each even number. */
  private static final class Evens implements BulkLoader<Integer> {

    final List<List<Integer>> runs = new ArrayList<>();

    @Override
    public Loads<Integer> load(List<Integer> keys) {
      runs.add(List.copyOf(keys));
      Map<Integer, String> values = new HashMap<>();
      keys.stream().filter(key -> key % 2 == 0).forEach(key -> values.put(key, "v" + key));
      return new Loads<>(values, key -> Tags.of("t:evens:" + key));
    }

    @Override
    public boolean remembersNotFound() {
      return true;
    }
  }

  private static Map<Integer, Object> get(Layer layer, String cache, Evens evens, Integer... keys) {
    return get(layer, cache, evens, Arrays.asList(keys));
  }

  private static Map<Integer, Object> get(
      Layer layer, String cache, Evens evens, List<Integer> keys) {
    try {
      return layer.manager.getCache(cache).getAll(keys, evens);
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void severalKeysAreEvictedByOneRecord() {
    LarderCache cache = LAYER.manager.getCache("evicted");
    for (int key = 0; key < 5; key++) {
      cache.put(key, "v");
    }
    APPENDED.clear();
    cache.evictAll(List.of(1, 2, 3, 3, new Object()));
    assertThat(APPENDED)
        .singleElement()
        .satisfies(
            record ->
                assertThat(record.tags())
                    .isEqualTo(Tags.of("k:evicted:1", "k:evicted:2", "k:evicted:3")));
    assertThat(cache.get(2)).isNull();
    assertThat(cache.get(4)).isNotNull();
    await()
        .untilAsserted(
            () -> {
              assertThat(exists("several:evicted:v1:2")).isEqualTo("0");
              assertThat(exists("several:evicted:v1:4")).isEqualTo("1");
            });
    APPENDED.clear();
    cache.evictAll(List.of());
    assertThat(APPENDED).isEmpty();
    cache.evictAll(IntStream.range(0, 10_001).boxed().toList());
    assertThat(APPENDED)
        .singleElement()
        .satisfies(record -> assertThat(record.tags()).isEqualTo(Tags.of("c:evicted")));
  }

  private static String exists(String key) {
    return TestServers.redis().command("EXISTS", key);
  }

  @Test
  void moreThanRedisIsAskedForAtOnce() {
    Integer[] keys = IntStream.range(0, 2_400).boxed().toArray(Integer[]::new);
    Evens evens = new Evens();
    assertThat(get(LAYER, "many", evens, keys)).hasSize(1_200);
    assertThat(evens.runs).hasSize(1);
    await().untilAsserted(() -> assertThat(exists("several:many:v1:2399")).isEqualTo("1"));
    await()
        .untilAsserted(
            () -> {
              LAYER.near.clear();
              Evens others = new Evens();
              assertThat(get(LAYER, "many", others, keys)).hasSize(1_200);
              assertThat(others.runs).isEmpty();
            });
  }

  @Test
  void whatIsNotFoundIsKeptAsThePolicySays() {
    Evens evens = new Evens();
    get(LAYER, "kept", evens, 1, 2);
    get(LAYER, "kept", evens, 1, 2);
    get(LAYER, "forgetful", evens, 1, 2);
    get(LAYER, "forgetful", evens, 1, 2);
    assertThat(evens.runs).containsExactly(List.of(1, 2), List.of(1, 2), List.of(1));
    assertThat(LAYER.manager.getCache("kept").get(1)).isNotNull();
  }

  @Test
  void aCacheThatIsOffIsPassedBy() {
    Evens evens = new Evens();
    assertThat(get(LAYER, "off", evens, 4, 1, 2, 4))
        .containsExactly(Map.entry(4, "v4"), Map.entry(2, "v2"));
    get(LAYER, "off", evens, 4);
    assertThat(evens.runs).containsExactly(List.of(4, 1, 2), List.of(4));
  }

  @Test
  void whatIsDamagedInRedisIsLoadedAgain() {
    get(LAYER, "damaged", new Evens(), 2, 4);
    for (int key : List.of(2, 4)) {
      await().untilAsserted(() -> assertThat(exists("several:damaged:v1:" + key)).isEqualTo("1"));
    }
    TestServers.redis().command("SET", "several:damaged:v1:4", "garbage");
    LAYER.near.clear();
    Evens evens = new Evens();
    assertThat(get(LAYER, "damaged", evens, 2, 4)).hasSize(2);
    assertThat(evens.runs).containsExactly(List.of(4));
    assertThat(LAYER.manager.getCache("damaged").get(4)).isNotNull();
  }

  @Test
  void keysOfOneTextAreOneEntry() throws Throwable {
    LarderCache cache = LAYER.manager.getCache("numbers");
    Map<Number, Object> found =
        cache.getAll(
            List.<Number>of(42, 42L),
            new BulkLoader<>() {
              @Override
              public Loads<Number> load(List<Number> keys) {
                Map<Number, String> values = new HashMap<>();
                keys.forEach(key -> values.put(key, "v"));
                return new Loads<>(values, key -> Tags.NONE);
              }

              @Override
              public boolean remembersNotFound() {
                return true;
              }
            });
    assertThat(found).hasSize(2);
  }

  @Test
  void aKeyThatIsNullIsRefused() {
    List<Integer> keys = new ArrayList<>(List.of(2));
    keys.addAll(Collections.nCopies(1, null));
    assertThatThrownBy(() -> get(LAYER, "nulls", new Evens(), keys))
        .isInstanceOf(NullPointerException.class);
  }
}
