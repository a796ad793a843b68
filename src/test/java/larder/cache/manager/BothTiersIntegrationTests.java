package larder.cache.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import larder.dev.servers.TestServers;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Near and remote on a real Redis: Spring's contract, and what stands in Redis. */
class BothTiersIntegrationTests extends CacheContract {

  private static final String APPLICATION = "my app: 50%";
  private static final String PREFIX = "my app%3A 50%25:";

  private static final Layer LAYER = open(Map.of());

  /** Begins the names of this test's caches: no two tests share one. */
  private final String test = "t" + TESTS.incrementAndGet();

  private static final AtomicInteger TESTS = new AtomicInteger();

  private static Layer open(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>();
    all.put("larder.defaults.ttl", "100s");
    all.put("larder.defaults.not-found-ttl", "10s");
    all.put("larder.caches.no-nothing.not-found-ttl", "0s");
    all.put("larder.caches.versioned.version", "7");
    all.put("larder.caches.off.enabled", "false");
    all.put("larder.remote.max-value-size", "10KB");
    all.putAll(settings);
    return new Layer(TestServers.redis().url(), APPLICATION, all);
  }

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

  @Test
  void aKeyIsReadableAndNamesAreEscaped() {
    LAYER.manager.getCache("versioned").put(42L, "v");
    LAYER.manager.getCache("a:b%").put("x:y", "v");

    eventually(
        () ->
            assertThat(keys())
                .contains(PREFIX + "versioned:v7:42", PREFIX + "a%3Ab%25:v1:\"x:y\""));
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
  void whatIsPutByHandIsAsOldAsTheLookupThatFoundNothing() {
    Cache cache = cache("by-hand");
    assertThat(cache.get("k")).isNull();
    CompletableFuture.runAsync(() -> cache.evict("k")).join();
    cache.put("k", "read before the evict");
    assertThat(cache.get("k")).isNull();
    CompletableFuture.runAsync(() -> cache.evict("k")).join();
    assertThat(cache.putIfAbsent("k", "read before the evict")).isNull();
    assertThat(cache.get("k")).isNull();

    cache.put("k", "read after it");
    assertThat(wrapped(cache, "k")).isEqualTo("read after it");
  }

  @Test
  void whatIsPutByHandWithoutALookupIsNews() {
    Cache cache = cache("by-hand");
    cache.evict("k");
    cache.put("k", "news");
    assertThat(wrapped(cache, "k")).isEqualTo("news");
    assertThat(cache.get("other")).isNull();
    for (int i = 0; i < 8; i++) {
      assertThat(cache.get("key " + i)).isNull();
    }
    CompletableFuture.runAsync(() -> cache.evict("other")).join();
    cache.put("other", "its lookup is long ago");
    assertThat(wrapped(cache, "other")).isEqualTo("its lookup is long ago");
  }

  private static @Nullable Object wrapped(Cache cache, String key) {
    return Objects.requireNonNull(cache.get(key)).get();
  }

  @Test
  void clearRemovesNothingFromRedis() {
    cache("cleared").put("k", "v");
    eventually(() -> assertThat(keys("cleared")).hasSize(1));
    cache("cleared").clear();

    assertThat(keys("cleared")).hasSize(1);
    assertThat(cache("cleared").get("k")).isNull();
  }

  @Test
  void everyEntryHasATimeToLiveWithinItsJitter() {
    for (int i = 0; i < 60; i++) {
      cache("lives").put(i, "v");
      cache("lives").get("l" + i, () -> "v");
      cache("lives").putIfAbsent("p" + i, "v");
      cache("lives").retrieve("r" + i, () -> CompletableFuture.completedFuture("v")).join();
    }
    eventually(() -> assertThat(keys("lives")).hasSize(240));
    List<Long> left = livesOf("lives");

    assertThat(left).hasSize(240).allMatch(millis -> millis > 60_000 && millis <= 100_000);
    assertThat(left.stream().mapToLong(millis -> millis / 1_000).distinct().count())
        .isGreaterThan(4);
  }

  @Test
  void notFoundHasATimeToLiveOfItsOwn() {
    Cache cache = cache("nothing");
    cache.put("k", null);
    cache.get("l", () -> null);
    cache.putIfAbsent("p", null);
    cache.put("o", Optional.empty());

    eventually(() -> assertThat(livesOf("nothing")).hasSize(4).allMatch(ms -> ms <= 10_000));
  }

  @Test
  void notFoundIsNotKeptForATimeOfZero() {
    Cache cache = LAYER.manager.getCache("no-nothing");
    cache.put("k", "old");
    cache.put("k", null);
    cache.get("l", () -> null);
    assertThat(cache.putIfAbsent("p", null)).isNull();

    assertThat(cache.get("k")).isNull();
    assertThat(cache.get("l")).isNull();
    assertThat(cache.get("p")).isNull();
    assertThat(keys()).noneMatch(key -> key.matches(".*no-nothing:v1:[lp]"));
  }

  @Test
  void aCacheThatIsOffKeepsNothing() {
    Cache cache = LAYER.manager.getCache("off");
    cache.put("k", "v");
    cache.putIfAbsent("p", "v");

    assertThat(cache.get("l", () -> "v")).isEqualTo("v");
    assertThat(cache.get("k")).isNull();
    assertThat(keys()).noneMatch(key -> key.startsWith(PREFIX + "off"));
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
    assertThat(keys("contract")).isEmpty();
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
    for (String garbage :
        List.of("", "x", "null", "L", "\u0001\u0002", "{}", "L\u0001\u0000\u0000")) {
      redis("SET", key("garbled", "k"), garbage);
      LAYER.near.clear();
      assertThat(cache("garbled").get("k")).isNull();
      assertThat(cache("garbled").get("k", () -> "new")).isEqualTo("new");
      eventually(() -> assertThat(remote("garbled", "k")).isEqualTo("new"));
    }
  }

  /** An entry does not say whose it is, and still is nobody else's. */
  @Test
  void whatWasCopiedFromAnotherKeyIsAMissAndIsReplaced() {
    cache("copied").get("k", () -> "k's");
    eventually(() -> assertThat(remote("copied", "k")).isEqualTo("k's"));
    for (String other : List.of(key("copied", "l"), key("copied-too", "k"))) {
      redis("COPY", key("copied", "k"), other);
      assertThat(redis("EXISTS", other)).isEqualTo("1");
    }
    assertThat(cache("copied").get("l")).isNull();
    assertThat(cache("copied-too").get("k")).isNull();
    assertThat(cache("copied").get("l", () -> "l's")).isEqualTo("l's");
    eventually(() -> assertThat(remote("copied", "l")).isEqualTo("l's"));
  }

  /** As when a node that was held up stores what it had loaded before. */
  @Test
  void whatComesBackAfterItsEvictionIsAMiss() {
    // A key each: an eviction removes its entry somewhat later, which may be another's by then.
    Map<String, Runnable> ends =
        Map.of(
            "evicted",
            () -> cache("back").evict("evicted"),
            "cleared",
            () -> cache("back").clear());
    ends.forEach(this::comesBackAndIsAMiss);
  }

  private void comesBackAndIsAMiss(String key, Runnable end) {
    cache("back").get(key, () -> "old");
    eventually(() -> assertThat(remote("back", key)).isEqualTo("old"));
    redis("COPY", key("back", key), "kept-aside", "REPLACE");
    end.run();
    eventually(
        () -> {
          redis("COPY", "kept-aside", key("back", key), "REPLACE");
          assertThat(redis("EXISTS", key("back", key))).isEqualTo("1");
        });
    LAYER.near.clear();
    assertThat(cache("back").get(key)).isNull();
  }

  @Test
  void aKeyOfAnotherKindIsAMissAndIsReplaced() {
    redis("RPUSH", key("kind", "k"), "element");

    assertThat(cache("kind").get("k")).isNull();
    assertThat(LAYER.calls.isAvailable()).isTrue();
    assertThat(cache("kind").get("k", () -> "new")).isEqualTo("new");
    eventually(() -> assertThat(remote("kind", "k")).isEqualTo("new"));
  }

  @Test
  void anotherProcessReadsWhatOneWroteAndHearsWhatOneEvicts() {
    cache("shared").put("k", "v");
    try (Layer other = open(Map.of()).awaitCurrent()) {
      Cache theirs = other.manager.getCache(test + "shared");
      theirs.put("l", "w");
      assertThat(theirs.get("l", String.class)).isEqualTo("w");
      eventually(() -> assertThat(theirs.get("k", String.class)).isEqualTo("v"));
      eventually(() -> assertThat(cache("shared").get("l", String.class)).isEqualTo("w"));

      cache("shared").evict("k");
      theirs.clear();
      eventually(() -> assertThat(theirs.get("k")).isNull());
      eventually(() -> assertThat(cache("shared").get("l")).isNull());
    }
  }

  @Test
  void aRestartedProcessReadsWhatWasSharedBefore() {
    try (Layer first = open(Map.of()).awaitCurrent()) {
      first.manager.getCache(test + "warm").get("k", () -> "v");
      eventually(() -> assertThat(keys("warm")).hasSize(1));
    }
    try (Layer second = open(Map.of()).awaitCurrent()) {
      Cache cache = second.manager.getCache(test + "warm");
      cache.put("first of its type", "w");
      assertThat(cache.get("k", String.class)).isEqualTo("v");
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
    assertThat(outside("loaded")).as("read where nobody else could read").isEqualTo("nothing");
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

  /** Whoever asks for a removal at once gets it, also if the transaction is rolled back. */
  @Test
  void anImmediateRemovalInATransactionIsSeenAtOnce() {
    Cache cache = cache("contract");
    cache.put("k", "old");
    cache.put("l", "old");
    transaction()
        .executeWithoutResult(
            status -> {
              assertThat(cache.evictIfPresent("k")).isTrue();
              assertThat(outside("k")).isEqualTo("nothing");
              assertThat(outside("l")).isEqualTo("old");
              cache.invalidate();
              assertThat(outside("l")).isEqualTo("nothing");
              status.setRollbackOnly();
            });
    assertThat(outside("k")).isEqualTo("nothing");
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

  private static long waitsOfThisThread() {
    long id = Thread.currentThread().getId();
    return ManagementFactory.getThreadMXBean().getThreadInfo(id).getWaitedCount();
  }

  @Test
  void askingForACacheDoesNoInputOrOutput() {
    try (var redis = TestServers.separateRedis();
        Layer own = new Layer(redis.url(), "app", Map.of("larder.remote.deadline", "5s"))) {
      redis.suspend();
      long waits = waitsOfThisThread();
      for (int i = 0; i < 1_000; i++) {
        own.manager.getCache("cache" + i);
      }
      assertThat(own.manager.getCacheNames()).hasSize(1_000);
      assertThat(waitsOfThisThread() - waits).as("how often it waited for anything").isZero();
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

  /** A cache of this test alone. */
  private Cache cache(String name) {
    return LAYER.manager.getCache(test + name);
  }

  private static void eventually(ThrowingRunnable assertion) {
    await().atMost(Duration.ofSeconds(10)).untilAsserted(assertion);
  }

  private String key(String cache, String key) {
    return PREFIX + test + cache + ":v1:" + key;
  }

  private static List<String> keys() {
    return redis("KEYS", "*").lines().filter(key -> key.startsWith(PREFIX)).toList();
  }

  private List<String> keys(String cache) {
    return keys().stream().filter(key -> key.startsWith(PREFIX + test + cache + ":")).toList();
  }

  private List<Long> livesOf(String cache) {
    return keys(cache).stream().map(key -> Long.parseLong(redis("PTTL", key))).toList();
  }

  /** Returns what Redis holds for a key. */
  private @Nullable String remote(String cache, String key) {
    LAYER.near.clear();
    return cache(cache).get(key, String.class);
  }

  private String outside(String key) {
    return CompletableFuture.supplyAsync(
            () -> Optional.ofNullable(cache("contract").get(key, String.class)).orElse("nothing"))
        .join();
  }

  private static String redis(String... words) {
    return TestServers.redis().command(words);
  }

  private static TransactionTemplate transaction() {
    NoDatabase manager = new NoDatabase();
    manager.addListener(
        new TransactionExecutionListener() {
          @Override
          public void beforeBegin(TransactionExecution begun) {
            LAYER.transactions.beforeBegin();
          }

          @Override
          public void afterBegin(TransactionExecution begun, @Nullable Throwable failure) {
            LAYER.transactions.afterBegin(failure == null);
          }
        });
    return new TransactionTemplate(manager);
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
