package larder.cache.manager;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import larder.dev.servers.TestServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The cache on a real Redis: Spring's contract, and what stands in Redis. */
class LarderCacheIntegrationTests extends CacheContract {

  private static Layer layer = open(Map.of());

  private static Layer open(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("larder.defaults.ttl", "100s");
    all.put("larder.defaults.not-found-ttl", "10s");
    all.put("larder.caches.no-nothing.not-found-ttl", "0s");
    all.put("larder.caches.versioned.version", "7");
    all.put("larder.caches.off.enabled", "false");
    all.put("larder.remote.max-value-size", "10KB");
    return new Layer(TestServers.redis().url(), "my app: 50%", all);
  }

  @BeforeAll
  static void connected() {
    assertThat(layer.store.isAvailable()).isTrue();
  }

  @AfterAll
  static void close() {
    layer.close();
  }

  @BeforeEach
  void startEmpty() {
    TestServers.redis().flush();
  }

  @Override
  protected CacheManager manager() {
    return layer.manager;
  }

  @Test
  void aKeyIsReadableAndNamesAreEscaped() {
    cache("versioned").put(42L, "v");
    cache("a:b%").put("x:y", "v");

    assertThat(redis("KEYS", "*").lines())
        .containsExactlyInAnyOrder(
            "my app%3A 50%25:versioned:v7:42", "my app%3A 50%25:a%3Ab%25:v1:\"x:y\"");
  }

  @Test
  void clearTouchesNoCacheOfALookingLikeName() {
    for (String name : List.of("a", "a:v1", "a*", "[a]", "a?", "ab", "\\a")) {
      cache(name).put("k", name);
    }
    for (String name : List.of("a*", "[a]", "a?", "\\a", "a")) {
      cache(name).clear();
      assertThat(cache(name).get("k")).isNull();
      assertThat(cache("ab").get("k")).isNotNull();
      assertThat(cache("a:v1").get("k")).isNotNull();
    }
  }

  @Test
  void everyEntryHasATimeToLiveWithinItsJitter() {
    List<Long> left = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      cache("contract").put(i, "v");
      cache("contract").get("l" + i, () -> "v");
      cache("contract").putIfAbsent("p" + i, "v");
      cache("contract").retrieve("r" + i, () -> CompletableFuture.completedFuture("v")).join();
    }
    redis("KEYS", "*").lines().forEach(key -> left.add(Long.parseLong(redis("PTTL", key))));

    assertThat(left).hasSize(240).allMatch(millis -> millis > 85_000 && millis <= 100_000);
    assertThat(left.stream().mapToLong(millis -> millis / 1_000).distinct().count())
        .isGreaterThan(4);
  }

  @Test
  void notFoundHasATimeToLiveOfItsOwn() {
    cache("contract").put("k", null);
    cache("contract").get("l", () -> null);
    cache("contract").putIfAbsent("p", null);
    cache("contract").put("o", Optional.empty());

    assertThat(redis("KEYS", "*").lines().map(key -> Long.parseLong(redis("PTTL", key))))
        .hasSize(4)
        .allMatch(millis -> millis > 7_000 && millis <= 10_000);
  }

  @Test
  void notFoundIsNotKeptForATimeOfZero() {
    Cache cache = cache("no-nothing");
    cache.put("k", "old");
    cache.put("k", null);
    cache.get("l", () -> null);
    assertThat(cache.putIfAbsent("p", null)).isNull();

    assertThat(redis("DBSIZE")).isEqualTo("0");
    assertThat(cache.get("k")).isNull();
  }

  @Test
  void aCacheThatIsOffKeepsNothing() {
    Cache cache = cache("off");
    cache.put("k", "v");
    cache.putIfAbsent("p", "v");

    assertThat(cache.get("l", () -> "v")).isEqualTo("v");
    assertThat(redis("DBSIZE")).isEqualTo("0");
    assertThat(cache.get("k")).isNull();
  }

  @Test
  void putOfWhatCannotBeKeptRemovesTheOldValue() {
    cache("contract").put("k", "old");
    cache("contract").put("k", "x".repeat(20_000));
    assertThat(cache("contract").get("k")).isNull();
    cache("contract").put("k", "old");
    cache("contract").put("k", new Object());
    assertThat(cache("contract").get("k")).isNull();
  }

  @Test
  void aKeyWithoutATextGoesByTheCache() {
    Cache cache = cache("contract");
    Object key = new Object();
    cache.put(key, "v");
    cache.evict(key);

    assertThat(cache.get(key)).isNull();
    assertThat(cache.evictIfPresent(key)).isFalse();
    assertThat(cache.putIfAbsent(key, "v")).isNull();
    assertThat(cache.get(key, () -> "loaded")).isEqualTo("loaded");
    assertThat(cache.retrieve(key)).isNull();
    assertThat(redis("DBSIZE")).isEqualTo("0");
  }

  /** Callers that have nothing to wait for do not wait for each other. */
  @Test
  void loadsWithoutATextRunSideBySide() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    List<CompletableFuture<Boolean>> loads = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      loads.add(
          CompletableFuture.supplyAsync(
              () ->
                  cache("contract")
                      .get(
                          new Object(),
                          () -> {
                            both.countDown();
                            return both.await(900, java.util.concurrent.TimeUnit.MILLISECONDS);
                          })));
    }
    assertThat(loads).allMatch(CompletableFuture::join);
  }

  @Test
  void garbageIsAMissAndIsReplaced() {
    cache("contract").put("k", "v");
    for (String garbage :
        List.of("", "x", "null", "L", "\u0001\u0002", "{}", "L\u0001\u0000\u0000")) {
      redis("KEYS", "*").lines().forEach(key -> redis("SET", key, garbage));
      assertThat(cache("contract").get("k")).isNull();
      assertThat(cache("contract").get("k", () -> "new")).isEqualTo("new");
      assertThat(cache("contract").get("k", String.class)).isEqualTo("new");
    }
  }

  @Test
  void aKeyOfAnotherKindIsAMissAndIsReplaced() {
    redis("RPUSH", "my app%3A 50%25:contract:v1:k", "element");

    assertThat(cache("contract").get("k")).isNull();
    assertThat(layer.store.isAvailable()).isTrue();
    assertThat(cache("contract").get("k", () -> "new")).isEqualTo("new");
    assertThat(cache("contract").get("k", String.class)).isEqualTo("new");
  }

  @Test
  void anotherProcessReadsWhatOneWrote() {
    cache("contract").put("k", "v");
    try (Layer other = open(Map.of())) {
      other.manager.getCache("contract").put("l", "w");
      assertThat(other.manager.getCache("contract").get("l")).isNotNull();
      assertThat(cache("contract").get("l", String.class)).isEqualTo("w");
    }
  }

  @Test
  void aWriteInATransactionIsSharedAfterItsCommit() {
    Cache cache = cache("contract");
    cache.put("k", "old");
    transaction()
        .executeWithoutResult(
            status -> {
              cache.put("k", "new");
              assertThat(cache.putIfAbsent("p", "new")).isNull();
              cache.get("loaded", () -> "new");
              assertThat(outside("k")).isEqualTo("old");
              assertThat(outside("p")).isEqualTo("nothing");
              assertThat(outside("loaded")).isEqualTo("nothing");
              assertThat(cache.get("k")).as("what it will replace").isNull();
            });
    assertThat(outside("k")).isEqualTo("new");
    assertThat(outside("p")).isEqualTo("new");
    assertThat(outside("loaded")).isEqualTo("new");
  }

  @Test
  void aWriteInATransactionIsNothingAfterItsRollback() {
    Cache cache = cache("contract");
    cache.put("k", "old");
    cache.put("e", "old");
    transaction()
        .executeWithoutResult(
            status -> {
              cache.put("k", "new");
              cache.evict("e");
              cache.putIfAbsent("p", "new");
              cache.get("loaded", () -> "new");
              cache.put("a", "new");
              cache.clear();
              status.setRollbackOnly();
            });
    assertThat(List.of(outside("k"), outside("e"))).containsOnly("old");
    assertThat(List.of(outside("p"), outside("loaded"), outside("a"))).containsOnly("nothing");
  }

  /** What a caller does to a value afterwards is not what was read. */
  @Test
  void aValueIsKeptAsItWasWhenItWasLoaded() {
    transaction()
        .executeWithoutResult(
            status -> {
              List<String> names = new ArrayList<>(List.of("a"));
              cache("contract").put("k", names);
              names.add("added by the caller");
            });
    assertThat(cache("contract").get("k", Object.class)).isEqualTo(List.of("a"));
  }

  @Test
  void askingForACacheDoesNoInputOrOutput() {
    try (var redis = TestServers.separateRedis();
        Layer own = new Layer(redis.url(), "app", Map.of("larder.remote.deadline", "5s"))) {
      redis.suspend();
      long began = System.nanoTime();
      for (int i = 0; i < 1_000; i++) {
        own.manager.getCache("cache" + i);
      }
      assertThat(own.manager.getCacheNames()).hasSize(1_000);
      assertThat(System.nanoTime() - began).isLessThan(2_000_000_000L);
      assertThat(own.store.isAvailable()).as("nobody has asked").isTrue();
      redis.resume();
    }
  }

  @Test
  void aWarningIsGivenOnceHoweverLargeTheValues() {
    AtomicInteger before = new AtomicInteger();
    try (var log = new WarningsOf(CacheEntries.class)) {
      for (int i = 0; i < 20; i++) {
        cache("large").put(i, "x".repeat(20_000 + i));
        before.incrementAndGet();
      }
      assertThat(log.messages()).hasSize(1);
    }
    assertThat(before).hasValue(20);
  }

  private static Cache cache(String name) {
    return layer.manager.getCache(name);
  }

  private static String outside(String key) {
    return CompletableFuture.supplyAsync(
            () -> Optional.ofNullable(cache("contract").get(key, String.class)).orElse("nothing"))
        .join();
  }

  private static String redis(String... words) {
    return TestServers.redis().command(words);
  }

  private static TransactionTemplate transaction() {
    return new TransactionTemplate(new NoDatabase());
  }

  /** Transactions of nothing but their synchronizations. */
  private static final class NoDatabase extends AbstractPlatformTransactionManager {
    private static final long serialVersionUID = 1L;

    @Override
    protected Object doGetTransaction() {
      return this;
    }

    @Override
    protected void doBegin(
        Object transaction, org.springframework.transaction.TransactionDefinition definition) {}

    @Override
    protected void doCommit(
        org.springframework.transaction.support.DefaultTransactionStatus status) {}

    @Override
    protected void doRollback(
        org.springframework.transaction.support.DefaultTransactionStatus status) {}
  }
}
