package larder.monolith;

import static org.awaitility.Awaitility.await;

import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import larder.cache.CachedCall;
import larder.cache.CachedCall.Source;
import larder.cache.CachedCallListener;
import larder.cache.log.node.LogFollower;
import larder.cache.log.service.LogService;
import larder.cache.outbox.OutboxRelay;
import larder.cache.outbox.RelayState.Level;
import larder.dev.servers.Database;
import larder.dev.servers.RedisServer;
import larder.monolith.users.Users;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** One node of the monolith: an application of its own in this JVM, with its pages on a port. */
final class MonolithNode implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final ConfigurableApplicationContext context;
  private final Answers answers;

  private MonolithNode(ConfigurableApplicationContext context, Answers answers) {
    this.context = context;
    this.answers = answers;
  }

  /** Starts a node and returns when it uses its caches and the outbox. */
  static MonolithNode start(Database database, RedisServer redis) {
    return start(database, redis, application -> {});
  }

  /** Starts a node as {@link #start}, with something more in its application. */
  static MonolithNode start(
      Database database, RedisServer redis, Consumer<SpringApplication> more) {
    return start(database, redis.url(), Map.of(), more);
  }

  /**
   * Starts a node as {@link #start}, on any Redis.
   *
   * @param further settings, which win
   */
  static MonolithNode start(
      Database database,
      String redis,
      Map<String, Object> further,
      Consumer<SpringApplication> more) {
    Map<String, Object> settings = new HashMap<>(database.settings());
    settings.put("spring.data.redis.url", redis);
    settings.put("spring.application.name", "larder-monolith-nodes");
    settings.put("server.address", "127.0.0.1");
    settings.put("server.port", "0");
    // What is asked here is what is right, not what a busy machine manages in time.
    settings.put("larder.remote.deadline", "2s");
    // Nodes of other tests have the same name and other rows.
    settings.put("larder.warmup.keys", "0");
    settings.put("larder.jobs.enabled", "false");
    // All people sign in from one address.
    settings.put("larder.limits.sign-in-network.limit", "10000");
    settings.put("larder.limits.sign-up.limit", "10000");
    settings.putAll(further);
    List<String> arguments = new ArrayList<>();
    settings.forEach((name, value) -> arguments.add("--" + name + "=" + value));
    Answers answers = new Answers();
    var application = Application.create();
    application.addInitializers(
        created -> {
          GenericApplicationContext context = (GenericApplicationContext) created;
          context.registerBean(Answers.class, () -> answers);
          context.registerBean(QuickPasswords.class);
        });
    more.accept(application);
    MonolithNode node =
        new MonolithNode(application.run(arguments.toArray(String[]::new)), answers);
    await().atMost(PATIENCE).pollInterval(PAUSE).until(node::isReady);
    return node;
  }

  private boolean isReady() {
    return bean(LogService.class).isCurrent()
        && bean(OutboxRelay.class).state().level() == Level.OUTBOX;
  }

  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  <T> Collection<T> beans(Class<T> type) {
    return context.getBeansOfType(type).values();
  }

  int port() {
    return bean(Environment.class).getRequiredProperty("local.server.port", Integer.class);
  }

  Users users() {
    return bean(Users.class);
  }

  /** Returns a person at the pages of this node. */
  Visitor visitor() {
    return new Visitor(port());
  }

  /** Returns when this node has heard of all that anybody has committed until now. */
  void awaitCurrent() {
    allCurrent(this);
  }

  /** Returns when all of these nodes have heard of all that anybody has committed until now. */
  static void allCurrent(MonolithNode... nodes) {
    long now = System.nanoTime();
    for (MonolithNode node : nodes) {
      await().atMost(PATIENCE).pollInterval(PAUSE).until(() -> node.isCurrentAsOf(now));
    }
  }

  private boolean isCurrentAsOf(long nanos) {
    return isReady() && bean(LogFollower.class).currentAsOf() - nanos >= 0;
  }

  /** Has a transaction of this node write. */
  void write(Consumer<EntityManager> write) {
    new TransactionTemplate(bean(PlatformTransactionManager.class))
        .executeWithoutResult(status -> write.accept(bean(EntityManager.class)));
  }

  /** Returns where the answers of cached methods came from while a task ran. */
  List<Source> sources(Runnable calls) {
    answers.sources.clear();
    calls.run();
    return List.copyOf(answers.sources);
  }

  @Override
  public void close() {
    context.close();
  }

  /** Where answers came from, in their order. */
  private static final class Answers implements CachedCallListener {

    private final ConcurrentLinkedQueue<Source> sources = new ConcurrentLinkedQueue<>();

    @Override
    public void answered(CachedCall call) {
      sources.add(call.source());
    }
  }
}
