package larder.cache.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import larder.cache.CachePolicy;
import larder.cache.manager.LarderCacheManager;
import larder.cache.method.UsageSampler;
import larder.cache.near.NearCache;
import larder.cache.statistics.CacheStatistics;
import larder.cache.statistics.Miss;
import larder.cache.statistics.Statistics;
import larder.dev.servers.TestServers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cache.annotation.CacheConfig;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.Caching;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.interceptor.KeyGenerator;
import org.springframework.cache.interceptor.SimpleKeyGenerator;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Every annotation through both ways to a hit: the short one, and Spring's advice. Two applications
 * do the same, one of which has a key generator of its own, so that no call of it is plain.
 */
class PlainCallsIntegrationTests {

  enum Colour {
    RED,
    BLUE
  }

  record Item(long id, @Nullable String name) {}

  record Pair(Colour colour, Item item) {}

  /** Annotated on the interface. */
  interface Named {
    @Cacheable("named")
    String named(String name);
  }

  /** A value that callers can change. */
  public static class Box {
    public String text = "";
  }

  /** Its caches are named by the class. */
  @CacheConfig(cacheNames = "of-the-class")
  static class Configured {
    private final AtomicInteger loads;

    Configured(AtomicInteger loads) {
      this.loads = loads;
    }

    @Cacheable
    public String find(String id) {
      return id + loads.incrementAndGet();
    }

    @Cacheable(keyGenerator = "reversed")
    public String reversed(String id) {
      return id + loads.incrementAndGet();
    }
  }

  @CachePolicy(caches = "sliding", ttl = "1h", maxLife = "2h")
  @CachePolicy(caches = "brief", ttl = "1h", earlyRefresh = 5)
  static class Items {

    private final AtomicInteger loads;
    private final Items self;

    Items(AtomicInteger loads, Items self) {
      this.loads = loads;
      this.self = self;
    }

    private String next() {
      return "load " + loads.incrementAndGet();
    }

    @Cacheable("none")
    public String ofNone() {
      return next();
    }

    @Cacheable("one")
    public Item ofOne(long id) {
      return new Item(id, next());
    }

    @Cacheable("one")
    public Item ofOneInt(int id) {
      return new Item(id, next());
    }

    @Cacheable("text")
    public String ofText(@Nullable String text) {
      return text + next();
    }

    @Cacheable("anything")
    public String ofAnything(Object key) {
      return key.getClass().getSimpleName() + next();
    }

    @Cacheable("two")
    public String ofTwo(@Nullable Long id, @Nullable String name) {
      return id + name + next();
    }

    @Cacheable("array")
    public String ofArray(long[] ids) {
      return Arrays.toString(ids) + next();
    }

    @Cacheable("several")
    public String ofSeveral(String... ids) {
      return Arrays.toString(ids) + next();
    }

    @Cacheable(cacheNames = "one", key = "#p1")
    public Item byNumber(String first, long id) {
      return new Item(id, next());
    }

    @Cacheable(cacheNames = "two", key = "#name")
    public String byName(long id, @Nullable String name) {
      return id + name + next();
    }

    @Cacheable(cacheNames = "one", key = "#item.id")
    public Item byExpression(Item item) {
      return new Item(item.id(), next());
    }

    @Cacheable(cacheNames = "conditional", condition = "#id > 0", unless = "#result.id == 7")
    public Item conditional(long id) {
      return new Item(id, next());
    }

    @Cacheable(cacheNames = "unless", unless = "#result == null")
    public @Nullable String unless(long id) {
      String next = next();
      return id > 0 ? next : null;
    }

    @Cacheable(cacheNames = "synchronised", sync = true)
    public @Nullable String synchronised(long id) {
      String next = next();
      return id > 0 ? next : null;
    }

    @Cacheable("optional")
    public Optional<Item> optional(long id) {
      Item item = new Item(id, next());
      return id > 0 ? Optional.of(item) : Optional.empty();
    }

    @Cacheable("nullable")
    public @Nullable Item nullable(long id) {
      Item item = new Item(id, next());
      return id > 0 ? item : null;
    }

    @Cacheable("boxes")
    public Box box(long id) {
      Box box = new Box();
      box.text = next();
      return box;
    }

    @Cacheable("lists")
    public List<Item> list(int size) {
      List<Item> all = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        all.add(new Item(i, next()));
      }
      return all;
    }

    @Cacheable("future")
    public CompletableFuture<String> future(long id) {
      return CompletableFuture.completedFuture(id + next());
    }

    @Cacheable({"first", "second"})
    public String inTwo(long id) {
      return id + next();
    }

    @Cacheable("off")
    public String off(long id) {
      return id + next();
    }

    @Cacheable("sliding")
    public String sliding(long id) {
      return id + next();
    }

    @Cacheable("brief")
    public String brief(long id) {
      return id + next();
    }

    @Cacheable("failing")
    public String failing(long id) {
      throw new IllegalStateException(id + next());
    }

    @Cacheable("outer")
    public String outer(long id) {
      return self.ofOne(id).name() + next();
    }

    @CachePut(cacheNames = "one", key = "#id")
    public Item put(long id) {
      return new Item(id, "put " + next());
    }

    @CacheEvict("one")
    public void evict(long id) {}

    @Caching(
        evict = {
          @CacheEvict(cacheNames = "one", allEntries = true),
          @CacheEvict(cacheNames = "two", allEntries = true)
        })
    public void clear() {}
  }

  @Configuration(proxyBeanMethods = false)
  @Import(AnnotatedServices.class)
  static class Application {

    @Bean
    AtomicInteger loads() {
      return new AtomicInteger();
    }

    @Bean
    Items items(AtomicInteger loads, @Lazy Items self) {
      return new Items(loads, self);
    }

    @Bean
    Named named(AtomicInteger loads) {
      return name -> name + loads.incrementAndGet();
    }

    @Bean
    Configured configured(AtomicInteger loads) {
      return new Configured(loads);
    }

    @Bean
    List<Boolean> uses() {
      return new CopyOnWriteArrayList<>();
    }

    @Bean
    UsageSampler sampler(List<Boolean> uses) {
      return (invocation, loaded) -> uses.add(loaded);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class OwnKeys implements CachingConfigurer {

    /** As Spring's, and yet the application's own. */
    @Override
    public KeyGenerator keyGenerator() {
      return new SimpleKeyGenerator() {};
    }
  }

  /** One of the two applications. */
  private record Side(ConfigurableApplicationContext context) implements AutoCloseable {

    static Side start(String name, Class<?>... classes) {
      return new Side(
          LayerContext.start(
              TestServers.redis().url(),
              List.of("spring.application.name=" + name, "larder.caches.off.enabled=false"),
              classes));
    }

    Items items() {
      return context.getBean(Items.class);
    }

    <T> T inTransaction(boolean readOnly, Function<Items, T> work) {
      TransactionTemplate transaction =
          new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
      transaction.setReadOnly(readOnly);
      return transaction.execute(status -> work.apply(items()));
    }

    @SuppressWarnings("unchecked")
    private List<Boolean> uses() {
      return (List<Boolean>) context.getBean("uses");
    }

    void startEmpty() {
      AnnotatedServices.startEmpty(context);
      context.getBean(NearCache.class).clear();
      context.getBean(AtomicInteger.class).set(0);
      uses().clear();
    }

    /** What has happened: who answered each call, who was told, and what was counted. */
    List<Object> account() {
      List<Object> account = new ArrayList<>();
      AnnotatedServices.calls(context)
          .forEach(call -> account.add(call.method().getName() + " " + call.source()));
      account.add(List.copyOf(uses()));
      account.add(counts());
      return account;
    }

    /** What was counted since the start, by cache. */
    private Map<String, List<Long>> counts() {
      Statistics statistics = context.getBean(Statistics.class);
      Map<String, List<Long>> counts = new TreeMap<>();
      for (String cache : context.getBean(LarderCacheManager.class).getCacheNames()) {
        CacheStatistics of = statistics.of(cache);
        long missed = Stream.of(Miss.values()).mapToLong(of::misses).sum();
        counts.put(cache, List.of(of.nearHits(), of.remoteHits(), missed, of.loads(), of.puts()));
      }
      return counts;
    }

    @Override
    public void close() {
      context.close();
    }
  }

  private static final Map<String, Function<Side, @Nullable Object>> QUESTIONS = questions();

  private static Side plain;
  private static Side spring;

  @BeforeAll
  static void start() {
    plain = Side.start("plain", Application.class);
    spring = Side.start("spring", Application.class, OwnKeys.class);
  }

  @AfterAll
  static void stop() {
    plain.close();
    spring.close();
  }

  @BeforeEach
  void startEmpty() {
    plain.startEmpty();
    spring.startEmpty();
  }

  /** Something that can be asked of an application, by name. */
  private static Map<String, Function<Side, @Nullable Object>> questions() {
    Map<String, Function<Side, @Nullable Object>> all = new LinkedHashMap<>();
    all.put("named", side -> side.context().getBean(Named.class).named("x"));
    all.put("ofNone", side -> side.items().ofNone());
    all.put("ofOne", side -> side.items().ofOne(1));
    all.put("ofOneInt", side -> side.items().ofOneInt(1));
    all.put("ofText", side -> side.items().ofText("a text"));
    all.put("ofText 1", side -> side.items().ofText("1"));
    all.put("ofText null", side -> side.items().ofText(null));
    all.put("ofAnything enum", side -> side.items().ofAnything(Colour.RED));
    all.put("ofAnything other enum", side -> side.items().ofAnything(Colour.BLUE));
    all.put("ofAnything int", side -> side.items().ofAnything(5));
    all.put("ofAnything long", side -> side.items().ofAnything(5L));
    all.put("ofAnything text", side -> side.items().ofAnything("5"));
    all.put("ofAnything UUID", side -> side.items().ofAnything(new UUID(1, 2)));
    all.put("ofAnything object", side -> side.items().ofAnything(new Object()));
    all.put(
        "ofAnything record",
        side -> side.items().ofAnything(new Pair(Colour.RED, new Item(1, "x"))));
    all.put("ofTwo", side -> side.items().ofTwo(1L, "x"));
    all.put("ofTwo with null", side -> side.items().ofTwo(1L, null));
    all.put("ofArray", side -> side.items().ofArray(new long[] {1, 2}));
    all.put("ofSeveral", side -> side.items().ofSeveral("a", "b"));
    all.put("ofSeveral one", side -> side.items().ofSeveral("a"));
    all.put("byNumber", side -> side.items().byNumber("first", 1));
    all.put("byName", side -> side.items().byName(1, "x"));
    all.put("byName null", side -> side.items().byName(1, null));
    all.put("byExpression", side -> side.items().byExpression(new Item(1, "?")));
    all.put("conditional", side -> side.items().conditional(1));
    all.put("conditional not", side -> side.items().conditional(0));
    all.put("conditional unless", side -> side.items().conditional(7));
    all.put("unless", side -> side.items().unless(1));
    all.put("unless null", side -> side.items().unless(0));
    all.put("synchronised", side -> side.items().synchronised(1));
    all.put("synchronised null", side -> side.items().synchronised(0));
    all.put("optional", side -> side.items().optional(1));
    all.put("optional empty", side -> side.items().optional(0));
    all.put("nullable", side -> side.items().nullable(1));
    all.put("nullable null", side -> side.items().nullable(0));
    all.put("box", side -> side.items().box(1).text);
    all.put("list", side -> side.items().list(2));
    all.put("future", side -> side.items().future(1).join());
    all.put("inTwo", side -> side.items().inTwo(1));
    all.put("off", side -> side.items().off(1));
    all.put("sliding", side -> side.items().sliding(1));
    all.put("brief", side -> side.items().brief(1));
    all.put("failing", side -> side.items().failing(1));
    all.put("outer", side -> side.items().outer(1));
    all.put("configured", side -> side.context().getBean(Configured.class).find("x"));
    all.put("reversed", side -> side.context().getBean(Configured.class).reversed("xy"));
    all.put("put", side -> side.items().put(1));
    all.put(
        "evict",
        side -> {
          side.items().evict(1);
          return "evicted";
        });
    all.put(
        "clear",
        side -> {
          side.items().clear();
          return "cleared";
        });
    all.put("put and read in a transaction", PlainCallsIntegrationTests::putAndRead);
    all.put("read in a transaction", side -> side.inTransaction(true, items -> items.ofOne(1)));
    all.put("write around", side -> side.inTransaction(false, items -> items.ofOne(1)));
    all.put("rolled back", PlainCallsIntegrationTests::rolledBack);
    return all;
  }

  private static Object putAndRead(Side side) {
    return side.inTransaction(false, items -> List.of(items.put(1), items.ofOne(1)));
  }

  private static Object rolledBack(Side side) {
    return side.inTransaction(
        false,
        items -> {
          items.put(1);
          throw new IllegalStateException("rolled back with " + items.ofOne(1));
        });
  }

  private static String answer(Side side, String question) {
    try {
      return question + ": " + QUESTIONS.getOrDefault(question, none -> null).apply(side);
    } catch (RuntimeException e) {
      return question + ": " + e.getMessage();
    }
  }

  private static void askBoth(List<String> asked) {
    List<String> expected = asked.stream().map(question -> answer(spring, question)).toList();
    List<String> answered = asked.stream().map(question -> answer(plain, question)).toList();
    assertThat(answered).isEqualTo(expected);
    assertThat(plain.account()).isEqualTo(spring.account());
  }

  @Test
  void eachQuestionAskedThreeTimesHasTheSameAnswers() {
    List<String> asked = new ArrayList<>();
    QUESTIONS.keySet().forEach(question -> asked.addAll(List.of(question, question, question)));
    askBoth(asked);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void anyOrderHasTheSameAnswers(long seed) {
    List<String> names = List.copyOf(QUESTIONS.keySet());
    askBoth(new Random(seed).ints(400, 0, names.size()).mapToObj(names::get).toList());
  }
}
