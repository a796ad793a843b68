package larder.nodes;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import larder.cache.log.Position;
import larder.cache.log.node.LogFollower;
import larder.cache.log.service.LogService;
import larder.cache.near.NearCache;
import larder.dev.servers.Database;
import larder.dev.servers.RedisServer;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A node: an application context of its own in this JVM. */
final class Node implements AutoCloseable {

  private final ConfigurableApplicationContext context;

  private Node(ConfigurableApplicationContext context) {
    this.context = context;
  }

  /**
   * Starts a node.
   *
   * @param settings in addition to those of the servers
   * @param more configuration besides {@link NodeApplication}
   */
  static Node start(
      Database database, RedisServer redis, Map<String, ?> settings, Class<?>... more) {
    Class<?>[] sources =
        Stream.concat(Stream.of(NodeApplication.class), Stream.of(more)).toArray(Class<?>[]::new);
    return new Node(
        new SpringApplicationBuilder(sources)
            .run(arguments(database, redis, settings).toArray(String[]::new)));
  }

  /** Returns what a node is told on its command line: no tracking, unless the settings say so. */
  static List<String> arguments(Database database, RedisServer redis, Map<String, ?> settings) {
    Map<String, Object> all = new HashMap<>(database.settings());
    all.put("spring.config.location", "optional:classpath:/none/");
    all.put("spring.data.redis.url", redis.url());
    all.put("spring.flyway.enabled", "false");
    all.put("spring.jpa.hibernate.ddl-auto", "none");
    all.put("spring.main.banner-mode", "off");
    all.put("spring.main.log-startup-info", "false");
    all.put("spring.main.web-application-type", "none");
    all.put("larder.remote.deadline", "2s");
    all.put("larder.defaults.tracking", "false");
    all.put("larder.consistency.one-in", "0");
    all.put("larder.warmup.keys", "0");
    all.putAll(settings);
    return all.entrySet().stream()
        .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
        .toList();
  }

  /** Returns when the node is current, so that it uses near and remote entries. */
  Node awaitCurrent() {
    await().atMost(Duration.ofSeconds(20)).until(bean(LogService.class)::isCurrent);
    return this;
  }

  Items items() {
    return bean(Items.class);
  }

  Hooks hooks() {
    return bean(Hooks.class);
  }

  JdbcTemplate jdbc() {
    return bean(JdbcTemplate.class);
  }

  /** Returns a new template with the default settings. */
  TransactionTemplate transaction() {
    return new TransactionTemplate(bean(PlatformTransactionManager.class));
  }

  /** Returns a new template of this propagation. */
  TransactionTemplate transaction(int propagation) {
    TransactionTemplate template = transaction();
    template.setPropagationBehavior(propagation);
    return template;
  }

  /** Returns a template on a manager of plain JDBC transactions, which knows savepoints. */
  TransactionTemplate jdbcTransaction(int propagation) {
    Object manager =
        context
            .getAutowireCapableBeanFactory()
            .initializeBean(
                new JdbcTransactionManager(bean(DataSource.class)), "jdbcTransactionManager");
    TransactionTemplate template = new TransactionTemplate((PlatformTransactionManager) manager);
    template.setPropagationBehavior(propagation);
    return template;
  }

  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  /** Forgets what this process holds, so that the next call asks Redis. */
  void forgetNear() {
    bean(NearCache.class).clear();
  }

  /** Returns the last record that this node has applied. */
  Position position() {
    return bean(LogFollower.class).position();
  }

  /** Returns when this node has applied all that the other has. */
  void awaitAllOf(Node other) {
    Position wanted = other.position();
    await()
        .pollInterval(Duration.ofMillis(1))
        .atMost(Duration.ofSeconds(10))
        .until(() -> position().reaches(wanted));
  }

  @Override
  public void close() {
    context.close();
  }
}
