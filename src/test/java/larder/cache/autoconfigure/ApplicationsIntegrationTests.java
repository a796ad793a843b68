package larder.cache.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jakarta.persistence.Entity;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import larder.cache.CachePolicy;
import larder.cache.manager.LarderCacheManager;
import larder.cache.method.MethodCacheResolver;
import larder.dev.servers.TestServers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.cache.interceptor.BeanFactoryCacheOperationSourceAdvisor;
import org.springframework.cache.interceptor.CacheErrorHandler;
import org.springframework.cache.interceptor.CacheInterceptor;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.LoggingCacheErrorHandler;
import org.springframework.cache.interceptor.SimpleCacheResolver;
import org.springframework.cache.support.NoOpCacheManager;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** What applications say of caching themselves, and what they get wrong. */
@ExtendWith(OutputCaptureExtension.class)
class ApplicationsIntegrationTests {

  record Item(long id, String name) {}

  static class Items {

    @Cacheable("items")
    public List<Item> list(int size) {
      return java.util.Collections.nCopies(size, new Item(1, "x"));
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class WithItems {
    @Bean
    Items items() {
      return new Items();
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableCaching(order = 5, proxyTargetClass = true)
  static class EnablesCaching extends WithItems {}

  @Configuration(proxyBeanMethods = false)
  @EnableCaching
  static class WithOwnManager extends WithItems {
    @Bean
    CacheManager own() {
      return new ConcurrentMapCacheManager();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class WithErrorHandler extends WithItems implements CachingConfigurer {
    @Override
    public CacheErrorHandler errorHandler() {
      return new LoggingCacheErrorHandler();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class WithOwnCaches extends WithItems implements CachingConfigurer {
    @Override
    public CacheManager cacheManager() {
      return new ConcurrentMapCacheManager();
    }
  }

  static class Unusual {
    @Cacheable("stages")
    public CompletionStage<String> stage(String key) {
      return CompletableFuture.completedFuture(key);
    }

    @Cacheable(cacheNames = "named", cacheManager = "cacheManager")
    public String named(String key) {
      return key;
    }

    @CacheEvict(cacheNames = "named", cacheManager = "cacheManager")
    public void removeNamed(String key) {}

    @Cacheable("objects")
    public Object object(String key) {
      return Optional.of(key);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class WithUnseenTransactions {
    @Bean
    NoDatabase unseen() {
      NoDatabase manager = new NoDatabase();
      manager.setTransactionSynchronization(NoDatabase.SYNCHRONIZATION_NEVER);
      return manager;
    }

    @Bean
    NoDatabase seen() {
      return new NoDatabase();
    }
  }

  static class Wrong {
    @Cacheable("wrong")
    @CachePolicy(ttl = "soon")
    public String find(String key) {
      return key;
    }
  }

  static class OutOfRange {
    @Cacheable("wrong")
    @CachePolicy(version = -2)
    public String find(String key) {
      return key;
    }
  }

  @CachePolicy(ttl = "1m")
  static class OneMinute {
    @Cacheable("shared")
    public String find(String key) {
      return key;
    }
  }

  @CachePolicy(ttl = "2m")
  static class TwoMinutes {
    @CacheEvict("shared")
    public void remove(String key) {}
  }

  @Entity
  static class Row {}

  static class Rows {
    @Cacheable("rows")
    public List<Row> all() {
      return List.of();
    }

    @CacheEvict("rows")
    public Row gone() {
      return new Row();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class WithLateMistake {
    @Bean
    @Lazy
    OutOfRange late() {
      return new OutOfRange();
    }
  }

  @BeforeEach
  void startEmpty() {
    TestServers.redis().flush();
  }

  @Test
  void anOrderThatTheApplicationChoseStays() {
    try (var context = start(EnablesCaching.class)) {
      assertThat(context.getBean(BeanFactoryCacheOperationSourceAdvisor.class).getOrder())
          .isEqualTo(5);
      assertCaches(context);
    }
  }

  @Test
  void anApplicationsOwnCacheManagerIsUsed() {
    try (var context = start(WithOwnManager.class)) {
      assertThat(context.getBean(CacheManager.class)).isInstanceOf(ConcurrentMapCacheManager.class);
      Items items = context.getBean(Items.class);
      items.list(1);
      items.list(1);
      assertThat(TestServers.redis().command("DBSIZE")).isEqualTo("0");
    }
  }

  @Test
  void cachingMayBeSwitchedOff() {
    try (var context = start(List.of("spring.cache.type=none"), EnablesCaching.class)) {
      assertThat(context.getBean(CacheManager.class)).isInstanceOf(NoOpCacheManager.class);
      Items items = context.getBean(Items.class);
      assertThat(items.list(1)).isEqualTo(items.list(1));
    }
    try (var context = start(List.of("spring.cache.type=none"), WithItems.class)) {
      assertThat(context.getBeansOfType(LarderCacheManager.class)).isEmpty();
      assertThat(context.getBean(Items.class).list(1)).hasSize(1);
    }
  }

  @Test
  void aConfigurerOfTheApplicationsOwnLeavesListsCached() {
    try (var context = start(WithErrorHandler.class)) {
      assertCaches(context);
    }
  }

  @Test
  void aConfigurerThatChoosesNoCachesLeavesTheMethodsTheirOwn(CapturedOutput output) {
    try (var context = start(WithErrorHandler.class)) {
      assertThat(chosen(context)).isInstanceOf(MethodCacheResolver.class);
    }
    assertThat(output).doesNotContain("chooses the caches");
  }

  @Test
  void aConfigurerThatChoosesCachesIsHeardAndNamed(CapturedOutput output) {
    try (var context = start(WithOwnCaches.class)) {
      assertThat(context.getBean(Items.class).list(3)).hasSize(3);
      assertThat(chosen(context)).isInstanceOf(SimpleCacheResolver.class);
      assertThat(context.getBean(LarderCacheManager.class).getCacheNames()).isEmpty();
    }
    assertThat(output).containsOnlyOnce("WithOwnCaches.cacheManager() chooses the caches");
  }

  private static CacheResolver chosen(ConfigurableApplicationContext context) {
    CacheResolver used = context.getBean(CacheInterceptor.class).getCacheResolver();
    return ((ChosenCaches) Objects.requireNonNull(used)).chosen();
  }

  @Test
  void methodsThatAreNotServedFullyAreNamed(CapturedOutput output) throws Exception {
    try (var context = start(Unusual.class)) {
      Unusual unusual = context.getBean(Unusual.class);
      for (int i = 0; i < 2; i++) {
        assertThat(unusual.stage("k").toCompletableFuture().get()).isEqualTo("k");
        assertThat(unusual.named("k")).isEqualTo("k");
      }
      assertThat(unusual.object("k")).as("as the method returns it").isEqualTo(Optional.of("k"));
    }
    assertThat(output)
        .containsOnlyOnce("Unusual.stage is not cached, every call goes to the method: ")
        .containsOnlyOnce("Unusual.named names a cacheManager or cacheResolver")
        .doesNotContain("Unusual.removeNamed");
  }

  @Test
  void aTransactionManagerThatCannotBeSeenIsNamed(CapturedOutput output) {
    start(WithUnseenTransactions.class).close();
    assertThat(output)
        .containsOnlyOnce("has SYNCHRONIZATION_NEVER")
        .contains("Transaction manager 'unseen'");
  }

  @Test
  void anApplicationWithoutANameHasKeys() {
    try (var context = start(List.of("spring.application.name="), WithItems.class)) {
      context.getBean(Items.class).list(1);
      awaitEntries("application:items:v1:1");
    }
    TestServers.redis().flush();
    try (var context = start(List.of("larder.application=other"), WithItems.class)) {
      context.getBean(Items.class).list(1);
      awaitEntries("other:items:v1:1");
    }
  }

  @Test
  void aWrongPolicyStopsTheStart(CapturedOutput output) {
    assertThatThrownBy(() -> start(Wrong.class));
    assertThat(output)
        .contains("APPLICATION FAILED TO START")
        .contains("Cache 'wrong': ttl of its @CachePolicy must be a duration, was: \"soon\"")
        .contains("Write it like 90s, 5m, 1h or PT1H.");
  }

  @Test
  void aPolicyOutOfRangeStopsTheStart(CapturedOutput output) {
    assertThatThrownBy(() -> start(OutOfRange.class));
    assertThat(output)
        .contains("Cache 'wrong': version must be at least 1, was: -2")
        .contains("Change version in larder.caches.wrong.version");
  }

  @Test
  void aPolicyOutOfRangeStopsALateBean() {
    try (var context = start(WithLateMistake.class)) {
      assertThatThrownBy(() -> context.getBean(OutOfRange.class))
          .hasRootCauseMessage("Cache 'wrong': version must be at least 1, was: -2");
    }
  }

  @Test
  void policiesThatDifferStopTheStart(CapturedOutput output) {
    assertThatThrownBy(() -> start(OneMinute.class, TwoMinutes.class));
    assertThat(output)
        .contains("Cache 'shared' has two different @CachePolicy annotations: on class ")
        .contains("OneMinute")
        .contains("TwoMinutes")
        .contains("Keep one of them, or make them equal.");
  }

  @Test
  void aMisspelledSettingStopsTheStart(CapturedOutput output) {
    assertThatThrownBy(() -> start(List.of("larder.caches.items.tll=5m"), WithItems.class));
    assertThat(output)
        .contains("APPLICATION FAILED TO START")
        .containsIgnoringCase("larder.caches.items.tll");
  }

  @Test
  void aSettingOutOfRangeStopsTheStart(CapturedOutput output) {
    assertThatThrownBy(() -> start(List.of("larder.caches.items.jitter=2"), WithItems.class));
    assertThat(output)
        .contains("Cache 'items': jitter must be from 0 to 0.9, was: 2.0")
        .contains("Change jitter in larder.caches.items.jitter");
  }

  @Test
  void aSettingOutOfRangeStopsTheStartAlsoForAnUnknownCache(CapturedOutput output) {
    assertThatThrownBy(() -> start(List.of("larder.caches.ghost.ttl=0s"), WithItems.class));
    assertThat(output).contains("Cache 'ghost': ttl must be at least 1ms, was: PT0S");
  }

  @Test
  void aDefaultOutOfRangeStopsTheStart(CapturedOutput output) {
    assertThatThrownBy(() -> start(List.of("larder.defaults.version=0")));
    assertThat(output).contains("version must be at least 1, was: 0").contains("larder.defaults");
  }

  @Test
  void aSettingOfTheWayToRedisOutOfRangeStopsTheStart(CapturedOutput output) {
    assertThatThrownBy(() -> start(List.of("larder.remote.deadline=0s"), WithItems.class));
    assertThat(output)
        .contains("APPLICATION FAILED TO START")
        .contains("larder.remote.deadline must be at least 1ms, was: PT0S");
  }

  @Test
  void settingsOfAnUnknownCacheAreWarnedOf(CapturedOutput output) {
    start(List.of("larder.caches.ghost.ttl=5s", "larder.caches.items.ttl=5s"), WithItems.class)
        .close();
    assertThat(output)
        .contains("larder.caches.ghost speaks of a cache that no annotated method names")
        .doesNotContain("larder.caches.items speaks");
  }

  @Test
  void aMethodThatReturnsEntitiesIsNamed(CapturedOutput output) {
    start(Rows.class).close();
    assertThat(output)
        .containsOnlyOnce("Rows.all is not cached, every call goes to the method: ")
        .contains("Row is a JPA entity; return a record of it instead")
        .doesNotContain("Rows.gone");
  }

  /** One call that waited for an answer would take longer than all of this may. */
  @Test
  @Timeout(30)
  void anApplicationStartsAndAnswersWithoutRedis() {
    String nowhere = "redis://127.0.0.1:" + larder.dev.servers.Loopback.freePort();
    List<String> patient = List.of("larder.remote.deadline=1m");
    try (var context = LayerContext.start(nowhere, patient, WithItems.class)) {
      Items items = context.getBean(Items.class);
      for (int i = 0; i < 50; i++) {
        assertThat(items.list(2)).hasSize(2);
      }
    }
  }

  /** Values are written to Redis without waiting; the log stands beside them. */
  private static void awaitEntries(String... keys) {
    await()
        .untilAsserted(
            () ->
                assertThat(TestServers.redis().command("KEYS", "*").lines())
                    .filteredOn(key -> !key.startsWith("{"))
                    .containsExactly(keys));
  }

  private static void assertCaches(ConfigurableApplicationContext context) {
    assertThat(context.getBean(CacheManager.class)).isInstanceOf(LarderCacheManager.class);
    Items items = context.getBean(Items.class);
    assertThat(items.list(3)).isEqualTo(items.list(3)).hasSize(3);
    awaitEntries("app:items:v1:3");
  }

  private static ConfigurableApplicationContext start(Class<?>... classes) {
    return start(List.of(), classes);
  }

  private static ConfigurableApplicationContext start(List<String> settings, Class<?>... classes) {
    return LayerContext.start(TestServers.redis().url(), settings, classes);
  }
}
