package larder.benchmarks.nodes;

import com.zaxxer.hikari.HikariDataSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import larder.benchmarks.Account;
import larder.benchmarks.CacheManagers;
import larder.benchmarks.JetCaches;
import larder.cache.log.service.LogService;
import larder.dev.servers.Database;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;

/** A node: an application context of its own in this JVM, on a database, under one peer. */
final class Node implements AutoCloseable {

  /** The service alone. */
  static final String BARE = "method";

  /** The layer as an application on PostgreSQL has it: tracking, and the outbox. */
  static final String LARDER = "Larder";

  /** The same, with nothing kept in the process. */
  static final String LARDER_WITHOUT_NEAR = "Larder without near";

  /** The layer as it comes: tracking, no outbox. */
  static final String LARDER_WITHOUT_OUTBOX = "Larder without outbox";

  private final ConfigurableApplicationContext context;
  private final Members members;
  private final Runnable last;

  private Node(ConfigurableApplicationContext context, Members members, Runnable last) {
    this.context = context;
    this.members = members;
    this.last = last;
  }

  /** The application that every node runs. */
  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import({AnnotatedMembers.class, Loads.class})
  static class Application {}

  /** Spring's annotations at work, where the layer does not see to it. */
  @Configuration(proxyBeanMethods = false)
  @EnableCaching
  static class Caching {}

  /**
   * Starts a node.
   *
   * @param peer what caches
   * @param port where Redis is
   */
  static Node start(String peer, Database database, int port) {
    return switch (peer) {
      case BARE -> of(context(database, without(), null), () -> {});
      case LARDER -> larder(database, port, outbox());
      case LARDER_WITHOUT_NEAR -> {
        Map<String, Object> settings = outbox();
        settings.put("larder.near.max-size", "0");
        settings.put("spring.application.name", "larder-remote");
        yield larder(database, port, settings);
      }
      case LARDER_WITHOUT_OUTBOX ->
          larder(
              database,
              port,
              Map.of(
                  "spring.application.name", "larder-bare",
                  "spring.flyway.enabled", "false",
                  "larder.outbox.enabled", "false"));
      case "JetCache" -> jetCache(database, port);
      default -> {
        CacheManagers.Started started = CacheManagers.start(peer, port, Account.class);
        yield of(context(database, without(), started.manager()), started.close());
      }
    };
  }

  private static Node of(ConfigurableApplicationContext context, Runnable last) {
    return new Node(context, context.getBean(Members.class), last);
  }

  private static Node jetCache(Database database, int port) {
    JetCaches.Started<Account> started = JetCaches.start(port);
    ConfigurableApplicationContext context = context(database, without(), null);
    Members bare = context.getBean(Members.class);
    return new Node(context, new JetCacheMembers(bare, started.cache()), started.close());
  }

  private static Node larder(Database database, int port, Map<String, ?> more) {
    Map<String, Object> settings = new HashMap<>(more);
    settings.putIfAbsent("spring.application.name", "larder");
    settings.put("spring.data.redis.url", "redis://127.0.0.1:" + port);
    settings.put("larder.caches.accounts.ttl", "1h");
    settings.put("larder.remote.deadline", "1s"); // the others wait for a minute
    ConfigurableApplicationContext context = context(database, settings, null);
    LogService log = context.getBean(LogService.class);
    while (!log.isCurrent()) {
      LockSupport.parkNanos(1_000_000);
    }
    return of(context, () -> {});
  }

  private static Map<String, Object> outbox() {
    return new HashMap<>(
        Map.of(
            "spring.flyway.enabled", "true",
            "spring.flyway.baseline-on-migrate", "true",
            "spring.flyway.locations", "classpath:larder/postgresql"));
  }

  /** Nothing of the layer. */
  private static Map<String, Object> without() {
    return Map.of(
        "spring.flyway.enabled",
        "false",
        "spring.autoconfigure.exclude",
        String.join(
            ",",
            "larder.redis.autoconfigure.LarderRedissonAutoConfiguration",
            "larder.redis.autoconfigure.LarderRedisAutoConfiguration",
            "larder.cache.autoconfigure.LarderCacheAutoConfiguration",
            "org.redisson.spring.starter.RedissonAutoConfigurationV4"));
  }

  private static ConfigurableApplicationContext context(
      Database database, Map<String, ?> more, @Nullable CacheManager manager) {
    Map<String, Object> settings = new HashMap<>(database.settings());
    settings.put("spring.config.location", "optional:classpath:/none/");
    settings.put("spring.datasource.hikari.maximum-pool-size", "64");
    settings.put("spring.datasource.hikari.minimum-idle", "1");
    settings.put("spring.jpa.hibernate.ddl-auto", "none");
    settings.put("spring.main.banner-mode", "off");
    settings.put("spring.main.log-startup-info", "false");
    settings.put("spring.main.web-application-type", "none");
    settings.put("logging.level.root", "error");
    settings.putAll(more);
    SpringApplicationBuilder builder = new SpringApplicationBuilder(Application.class);
    if (manager != null) {
      builder.sources(Caching.class);
      builder.initializers(
          starting ->
              ((GenericApplicationContext) starting)
                  .registerBean(CacheManager.class, () -> manager));
    }
    List<String> arguments =
        settings.entrySet().stream()
            .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
            .toList();
    return builder.run(arguments.toArray(String[]::new));
  }

  Members members() {
    return members;
  }

  /** Returns the loads of this node. */
  Loads loads() {
    return context.getBean(Loads.class);
  }

  /** Gives back the connections that nobody uses. */
  void closeIdleConnections() {
    context.getBean(HikariDataSource.class).getHikariPoolMXBean().softEvictConnections();
  }

  @Override
  public void close() {
    context.close();
    last.run();
  }
}
