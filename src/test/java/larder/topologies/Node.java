package larder.topologies;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import larder.cache.CachedCall;
import larder.cache.CachedCall.Source;
import larder.cache.CachedCallListener;
import larder.cache.autoconfigure.LarderCacheAutoConfiguration;
import larder.cache.log.Position;
import larder.cache.log.node.LogFollower;
import larder.cache.log.service.LogService;
import larder.limit.Algorithm;
import larder.limit.Limit;
import larder.limit.WhenAway;
import larder.limit.autoconfigure.LarderLimitAutoConfiguration;
import larder.notice.autoconfigure.LarderNoticeAutoConfiguration;
import larder.redis.RedisCalls;
import larder.redis.autoconfigure.LarderRedisAutoConfiguration;
import larder.redis.autoconfigure.LarderRedissonAutoConfiguration;
import org.jspecify.annotations.Nullable;
import org.redisson.spring.starter.RedissonAutoConfigurationV4;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

/** A small Spring application with one annotated service, as one node of several. */
final class Node implements AutoCloseable {

  /** The limits of a node: one of each algorithm. */
  private static final List<Limit> LIMITS =
      List.of(
          Limit.slidingWindow("sliding", 1_000, Duration.ofMillis(200)),
          limit("fixed", Algorithm.FIXED_WINDOW),
          limit("bucket", Algorithm.TOKEN_BUCKET));

  private final String name;
  private final ConfigurableApplicationContext context;
  private final Shop shop;

  private Node(String name, ConfigurableApplicationContext context) {
    this.name = name;
    this.context = context;
    this.shop = context.getBean(Shop.class);
  }

  private static Limit limit(String name, Algorithm algorithm) {
    return new Limit(
        name, algorithm, 3, Duration.ofHours(1), 3, WhenAway.LOCAL, /* enabled= */ true);
  }

  /**
   * Starts a node.
   *
   * @param settings as {@code application.properties} would have them
   */
  static Node start(String name, Prices prices, Map<String, Object> settings) {
    ConfigurableApplicationContext context =
        new SpringApplicationBuilder(Application.class)
            .web(WebApplicationType.NONE)
            .initializers(
                created -> {
                  GenericApplicationContext beans = (GenericApplicationContext) created;
                  beans.registerBean(Shop.class, () -> new Shop(name, prices));
                  beans.registerBean(Sources.class, Sources::new);
                  LIMITS.forEach(one -> beans.registerBean(one.name(), Limit.class, () -> one));
                })
            .properties(
                Map.of(
                    "spring.config.location", "optional:classpath:/none/",
                    "spring.main.banner-mode", "off",
                    "spring.application.name", "shop",
                    "larder.warmup.keys", "0"))
            .properties(settings)
            .run();
    return new Node(name, context);
  }

  /** An answered call: the version served, where it came from, and when the call was made. */
  record Answer(int version, @Nullable Source source, long calledNanos, long tookNanos) {

    long tookMillis() {
      return tookNanos / 1_000_000;
    }
  }

  String name() {
    return name;
  }

  Answer read(String item) {
    Sources.LAST.remove();
    long called = System.nanoTime();
    int version = shop.price(item).version();
    return new Answer(version, Sources.LAST.get(), called, System.nanoTime() - called);
  }

  /** Returns the answers for several items that one call asks for. */
  Map<String, Answer> readAll(List<String> items) {
    long called = System.nanoTime();
    Map<String, Answer> answers = new HashMap<>();
    shop.prices(items)
        .forEach(
            (item, price) ->
                answers.put(
                    item, new Answer(price.version(), null, called, System.nanoTime() - called)));
    return answers;
  }

  int change(String item) {
    return shop.change(item);
  }

  void forgetAll() {
    shop.forgetAll();
  }

  /** Whether the node says that it is current. */
  boolean isCurrent() {
    return context.getBean(LogService.class).isCurrent();
  }

  /** Whether the node takes Redis for one that answers. */
  boolean asksRedis() {
    return context.getBean(RedisCalls.class).isAvailable();
  }

  Position position() {
    return context.getBean(LogFollower.class).position();
  }

  /** Returns what the node knows of its caches and of Redis. */
  <T> T part(Class<T> type) {
    return context.getBean(type);
  }

  @Override
  public void close() {
    context.close();
  }

  /** Where the last answer of each thread came from. */
  private static final class Sources implements CachedCallListener {

    private static final ThreadLocal<@Nullable Source> LAST = new ThreadLocal<>();

    @Override
    public void answered(CachedCall call) {
      LAST.set(call.source());
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({
    SslAutoConfiguration.class,
    AopAutoConfiguration.class,
    RedissonAutoConfigurationV4.class,
    DataRedisAutoConfiguration.class,
    LarderRedissonAutoConfiguration.class,
    LarderRedisAutoConfiguration.class,
    LarderCacheAutoConfiguration.class,
    LarderLimitAutoConfiguration.class,
    LarderNoticeAutoConfiguration.class,
    CacheAutoConfiguration.class
  })
  static class Application {}
}
