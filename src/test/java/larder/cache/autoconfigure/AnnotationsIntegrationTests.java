package larder.cache.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import larder.cache.CachePolicy;
import larder.cache.CachedCall;
import larder.cache.CachedCall.Source;
import larder.cache.CachedCallListener;
import larder.cache.manager.LarderCacheManager;
import larder.cache.near.NearCache;
import larder.dev.servers.TestServers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheConfig;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.Caching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** Spring's cache annotations on the layer, as services use them. */
class AnnotationsIntegrationTests {

  record Item(long id, String name) {}

  @CacheConfig(cacheNames = "items", keyGenerator = "reversed")
  static class Configured {

    @Cacheable
    public String find(String id) {
      return "item " + id;
    }
  }

  /** What the tests call; each load counts. */
  @CachePolicy(caches = "items-by-id", ttl = "5m")
  static class Items {

    final AtomicInteger loads = new AtomicInteger();

    @Cacheable(cacheNames = "items-by-id", key = "#item.id")
    public Item bySpel(Item item) {
      loads.incrementAndGet();
      return item;
    }

    @Cacheable(cacheNames = "conditional", condition = "#id > 0", unless = "#result.id == 7")
    public Item conditional(long id) {
      loads.incrementAndGet();
      return new Item(id, "x");
    }

    @Cacheable(cacheNames = "maybe", unless = "#result == null")
    public Optional<Item> maybe(long id) {
      loads.incrementAndGet();
      return id > 0 ? Optional.of(new Item(id, "x")) : Optional.empty();
    }

    @Cacheable({"first", "second"})
    public Item inTwo(long id) {
      loads.incrementAndGet();
      return new Item(id, "x");
    }

    @Caching(
        put = @CachePut(cacheNames = "items-by-id", key = "#item.id"),
        evict = {
          @CacheEvict(cacheNames = "first", key = "#item.id"),
          @CacheEvict(cacheNames = "second", allEntries = true)
        })
    public Item save(Item item) {
      return item;
    }

    @Caching(
        cacheable = @Cacheable(cacheNames = "counted", key = "#key"),
        put = @CachePut(cacheNames = "counted-last", key = "'last'"))
    public String counted(String key, Runnable during) {
      loads.incrementAndGet();
      during.run();
      return key;
    }

    @Cacheable(cacheNames = "sync", sync = true)
    public String synchronised(String key) {
      LockSupport.parkNanos(50_000_000);
      return key + loads.incrementAndGet();
    }

    @Cacheable(cacheNames = "sync-nothing", sync = true)
    public @Nullable String synchronisedNothing(String key) {
      loads.incrementAndGet();
      return null;
    }

    @Cacheable(cacheNames = "sync-failing", sync = true)
    public String synchronisedFailing(String key) {
      loads.incrementAndGet();
      throw new IllegalStateException("no " + key);
    }

    @Cacheable("later")
    public CompletableFuture<Optional<Item>> later(long id) {
      loads.incrementAndGet();
      caller = Thread.currentThread();
      return CompletableFuture.supplyAsync(
          () -> id > 0 ? Optional.of(new Item(id, "later")) : Optional.empty());
    }

    @Cacheable(cacheNames = "later-sync", sync = true)
    public CompletableFuture<Item> laterSynchronised(long id) {
      loads.incrementAndGet();
      caller = Thread.currentThread();
      return CompletableFuture.supplyAsync(() -> new Item(id, "later"));
    }

    @CacheEvict(cacheNames = "sync", beforeInvocation = true)
    public void removeAndFail(String key) {
      throw new IllegalStateException("after the removal");
    }

    @CacheEvict("sync")
    public void failAndKeep(String key) {
      throw new IllegalStateException("before the removal");
    }

    @Transactional
    @CachePut(cacheNames = "items-by-id", key = "#item.id")
    public Item saveInTransaction(Item item, boolean fail) {
      if (fail) {
        throw new IllegalStateException("rolled back");
      }
      return item;
    }

    @Cacheable("numbers")
    public int number(int n) {
      loads.incrementAndGet();
      return n;
    }

    @Cacheable("outer")
    public Item outer(long id) {
      loads.incrementAndGet();
      return new Item(id, "outer");
    }

    @Cacheable("lists")
    public List<Item> list(int size) {
      loads.incrementAndGet();
      List<Item> items = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        items.add(new Item(i, "x"));
      }
      return items;
    }

    volatile @Nullable Thread caller;
  }

  @Configuration(proxyBeanMethods = false)
  @Import(AnnotatedServices.class)
  static class Application {

    @Bean
    Items items() {
      return new Items();
    }

    @Bean
    Configured configured() {
      return new Configured();
    }

    @Bean
    CachedCallListener grumbler() {
      return call -> {
        if (call.method().getName().equals("outer")) {
          throw new IllegalStateException("a listener that throws");
        }
      };
    }
  }

  private static ConfigurableApplicationContext context = start();

  private final Items items = context.getBean(Items.class);
  private final TransactionTemplate transaction =
      new TransactionTemplate(context.getBean(PlatformTransactionManager.class));

  private static ConfigurableApplicationContext start(String... settings) {
    return LayerContext.start(TestServers.redis().url(), List.of(settings), Application.class);
  }

  @BeforeAll
  static void isTheLayer() {
    assertThat(context.getBean(CacheManager.class).getClass().getSimpleName())
        .isEqualTo("LarderCacheManager");
  }

  @AfterAll
  static void stop() {
    context.close();
  }

  @BeforeEach
  void startEmpty() {
    AnnotatedServices.startEmpty(context);
    keys().forEach(key -> TestServers.redis().command("DEL", key));
    counter().set(0);
  }

  @Test
  void aKeyMayBeAnExpression() {
    items.bySpel(new Item(7, "a"));

    assertThat(items.bySpel(new Item(7, "b"))).isEqualTo(new Item(7, "a"));
    awaitKeys("app:items-by-id:v1:7");
    assertThat(Long.parseLong(TestServers.redis().command("TTL", "app:items-by-id:v1:7")))
        .isBetween(200L, 300L);
  }

  @Test
  void conditionAndUnlessKeepValuesOut() {
    for (long id : new long[] {0, 7, 8}) {
      items.conditional(id);
      items.conditional(id);
    }
    assertThat(counter()).hasValue(5);
    awaitKeys("app:conditional:v1:8");
  }

  @Test
  void anEmptyOptionalMayBeKeptOut() {
    items.maybe(0);
    items.maybe(0);
    items.maybe(1);

    assertThat(items.maybe(1)).contains(new Item(1, "x"));
    assertThat(counter()).hasValue(3);
  }

  @Test
  void severalCachesAnswerInTurn() {
    items.inTwo(1);
    awaitKeys("app:first:v1:1", "app:second:v1:1");
    TestServers.redis().command("DEL", "app:first:v1:1");
    near().clear();

    assertThat(items.inTwo(1)).isEqualTo(new Item(1, "x"));
    assertThat(counter()).hasValue(1);
  }

  @Test
  void cachingDoesSeveralThings() {
    items.inTwo(1);
    items.outer(1);
    items.save(new Item(1, "new"));

    assertThat(items.bySpel(new Item(1, "?"))).isEqualTo(new Item(1, "new"));
    assertThat(cached("first", 1)).isFalse();
    assertThat(cached("second", 1)).isFalse();
    assertThat(cached("outer", 1)).isTrue();
    assertThat(counter()).hasValue(2);
  }

  /** It is one value: what condemns it in one of its caches condemns it in all. */
  /** Spring runs it even if its value is found, for what else it does. */
  @Test
  void aMethodThatAlsoPutsRunsForEachOfItsCallers() throws Exception {
    CompletableFuture<String> other = new CompletableFuture<>();
    String mine =
        items.counted(
            "k",
            () -> {
              Thread second =
                  new Thread(() -> other.complete(items.counted("k", () -> {})), "second caller");
              second.start();
              assertThat(other).succeedsWithin(java.time.Duration.ofSeconds(1)).isEqualTo("k");
            });
    assertThat(mine).isEqualTo("k");
    assertThat(counter()).hasValue(2);
    items.counted("k", () -> {});
    assertThat(counter()).hasValue(3);
  }

  @Test
  void aValueOfTwoCachesIsRemovedFromBoth() {
    items.inTwo(1);
    items.inTwo(2);
    context.getBean(LarderCacheManager.class).getCache("second").evict(1L);

    assertThat(cached("first", 1)).isFalse();
    assertThat(cached("first", 2)).isTrue();
    assertThat(cached("second", 2)).isTrue();
  }

  @Test
  void aClassMayNameCacheAndKeyGenerator() {
    context.getBean(Configured.class).find("abc");

    awaitKeys("app:items:v1:cba");
  }

  @Test
  void syncLoadsOnceForAllCallers() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(32);
    List<Future<String>> answers = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      answers.add(threads.submit(() -> items.synchronised("k")));
    }
    for (Future<String> answer : answers) {
      assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo("k1");
    }
    threads.shutdown();
    assertThat(counter()).hasValue(1);
  }

  @Test
  void syncKeepsNothingAndFailures() {
    assertThat(items.synchronisedNothing("k")).isNull();
    assertThat(items.synchronisedNothing("k")).isNull();
    assertThat(counter()).hasValue(1);
    for (int i = 2; i < 4; i++) {
      assertThatIllegalStateException()
          .isThrownBy(() -> items.synchronisedFailing("k"))
          .withMessage("no k");
      assertThat(counter()).hasValue(i);
    }
  }

  @Test
  void aFutureIsCachedAndItsMethodRunsInTheCallersThread() {
    assertThat(items.later(1).join()).contains(new Item(1, "later"));
    assertThat(ownTarget().caller).isSameAs(Thread.currentThread());
    await().until(() -> keys().contains("app:later:v1:1"));
    assertThat(items.later(1).join()).contains(new Item(1, "later"));
    assertThat(counter()).hasValue(1);

    items.laterSynchronised(2).join();
    assertThat(ownTarget().caller).isSameAs(Thread.currentThread());
    assertThat(items.laterSynchronised(2).join()).isEqualTo(new Item(2, "later"));
    assertThat(counter()).hasValue(2);
  }

  @Test
  void anEmptyAnswerOfAFutureIsNotFound() {
    items.later(0).join();
    await().until(() -> keys().contains("app:later:v1:0"));

    assertThat(Long.parseLong(TestServers.redis().command("TTL", "app:later:v1:0")))
        .isBetween(1L, 60L);
    assertThat(items.later(0).join()).isEmpty();
  }

  @Test
  void aRemovalBeforeTheCallHoldsWhateverTheCallDoes() {
    items.synchronised("k");
    assertThatIllegalStateException().isThrownBy(() -> items.failAndKeep("k"));
    assertThat(items.synchronised("k")).isEqualTo("k1");
    assertThatIllegalStateException().isThrownBy(() -> items.removeAndFail("k"));
    assertThat(items.synchronised("k")).isEqualTo("k2");
  }

  @Test
  void aPrimitiveAndAListAreCached() {
    assertThat(items.number(5)).isEqualTo(items.number(5));
    assertThat(items.list(3)).isEqualTo(items.list(3)).hasSize(3);
    assertThat(counter()).hasValue(2);
  }

  @Test
  void whatACallerDoesToAListIsItsOwnAffair() {
    items.list(3).clear();

    assertThat(items.list(3)).hasSize(3);
  }

  @Test
  void aTransactionalWriteIsSharedAfterItsCommitOnly() {
    items.bySpel(new Item(1, "old"));
    assertThatIllegalStateException()
        .isThrownBy(() -> items.saveInTransaction(new Item(1, "lost"), true));
    assertThat(items.bySpel(new Item(1, "?"))).isEqualTo(new Item(1, "old"));

    transaction.executeWithoutResult(
        status -> {
          items.saveInTransaction(new Item(1, "new"), false);
          assertThat(elsewhere(1)).isEqualTo("old");
          assertThat(items.bySpel(new Item(1, "of the transaction")).name())
              .isEqualTo("of the transaction");
        });
    assertThat(elsewhere(1)).isEqualTo("new");

    transaction.executeWithoutResult(
        status -> {
          items.saveInTransaction(new Item(1, "lost"), false);
          status.setRollbackOnly();
        });
    assertThat(elsewhere(1)).isEqualTo("new");
  }

  @Test
  void theCacheAdviceIsOutsideOfTransactions() {
    var cache =
        context.getBean(
            org.springframework.cache.interceptor.BeanFactoryCacheOperationSourceAdvisor.class);
    var transactions =
        context.getBean(
            org.springframework.transaction.interceptor.BeanFactoryTransactionAttributeSourceAdvisor
                .class);

    assertThat(cache.getOrder()).isLessThan(transactions.getOrder());
  }

  @Test
  void listenersHearWhereAnAnswerCameFrom() {
    items.outer(1);
    items.outer(1);
    awaitKeys("app:outer:v1:1");
    near().clear();
    items.outer(1);
    assertThatIllegalStateException().isThrownBy(() -> items.synchronisedFailing("k"));

    assertThat(calls())
        .extracting(CachedCall::source)
        .containsExactly(Source.LOADED, Source.NEAR, Source.REMOTE, Source.LOADED);
    assertThat(calls())
        .extracting(call -> call.method().getName())
        .containsExactly("outer", "outer", "outer", "synchronisedFailing");
    assertThat(calls()).allMatch(call -> call.nanos() > 0);
  }

  @Test
  void garbageOverEveryStoredValueCostsMissesAndNoErrors() {
    items.outer(1);
    items.list(3);
    items.number(5);
    items.maybe(1);
    items.maybe(0);
    items.synchronised("k");
    int loads = counter().get();
    await().until(() -> keys().size() == 5);
    near().clear();
    keys().forEach(key -> TestServers.redis().command("SET", key, "garbage"));

    assertThat(items.outer(1)).isEqualTo(new Item(1, "outer"));
    assertThat(items.list(3)).hasSize(3);
    assertThat(items.number(5)).isEqualTo(5);
    assertThat(items.maybe(1)).isPresent();
    assertThat(items.maybe(0)).isEmpty();
    items.synchronised("k");
    assertThat(counter().get()).isEqualTo(2 * loads);
  }

  @Test
  void aHigherVersionLeavesOldEntriesAlone() {
    items.outer(1);
    awaitKeys("app:outer:v1:1");
    String old = TestServers.redis().command("GET", "app:outer:v1:1");
    try (ConfigurableApplicationContext next = start("larder.caches.outer.version=2")) {
      Items nextItems = next.getBean(Items.class);
      assertThat(nextItems.outer(1)).isEqualTo(new Item(1, "outer"));
      assertThat(targetOf(nextItems).loads).hasValue(1);
      awaitKeys("app:outer:v1:1", "app:outer:v2:1");
    }
    assertThat(TestServers.redis().command("GET", "app:outer:v1:1")).isEqualTo(old);
    near().clear();
    items.outer(1);
    assertThat(counter()).hasValue(1);
  }

  /** Both run side by side while a new version is rolled out. */
  @Test
  void versionsThatRunSideBySideInvalidateEachOther() {
    items.outer(1);
    try (ConfigurableApplicationContext next = start("larder.caches.outer.version=2")) {
      next.getBean(LarderCacheManager.class).getCache("outer").evict(1L);
      await().until(() -> !cached("outer", 1));
    }
    items.outer(1);
    assertThat(counter()).hasValue(2);
  }

  private String elsewhere(long id) {
    return CompletableFuture.supplyAsync(() -> items.bySpel(new Item(id, "nothing")).name()).join();
  }

  private static boolean cached(String cache, long id) {
    return context.getBean(LarderCacheManager.class).getCache(cache).get(id) != null;
  }

  private static NearCache near() {
    return context.getBean(NearCache.class);
  }

  /** Values are written to Redis without waiting. */
  private static void awaitKeys(String... keys) {
    await().untilAsserted(() -> assertThat(keys()).containsExactlyInAnyOrder(keys));
  }

  private static List<String> keys() {
    return TestServers.redis().command("KEYS", "app:*").lines().filter(k -> !k.isEmpty()).toList();
  }

  private AtomicInteger counter() {
    return ownTarget().loads;
  }

  private Items ownTarget() {
    return targetOf(items);
  }

  private static Items targetOf(Items proxied) {
    return (Items)
        Objects.requireNonNull(
            org.springframework.aop.framework.AopProxyUtils.getSingletonTarget(proxied));
  }

  private static List<CachedCall> calls() {
    return AnnotatedServices.calls(context);
  }
}
