package larder.cache.outbox;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import larder.cache.LarderProperties.Triggers;
import larder.cache.log.Source;
import larder.cache.log.Tags;
import larder.cache.log.node.FollowerListener;
import larder.cache.log.node.FollowerSettings;
import larder.cache.log.node.LogFollower;
import larder.cache.log.node.ServingRule;
import larder.cache.log.node.Stamp;
import larder.cache.log.redis.RedisInvalidationLog;
import larder.cache.log.service.LogService;
import larder.cache.tracking.MappedTable;
import larder.dev.servers.Database;
import larder.redis.RedisCalls;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A node with its log in Redis and its relay, both at work. */
final class RelayNode implements AutoCloseable {

  static final Duration BOUND = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final RedissonClient redisson;
  private final RedisCalls calls;
  final LogFollower follower =
      new LogFollower(
          new FollowerSettings(BOUND, 1 << 12, Source.UNKNOWN_DATABASE),
          System::nanoTime,
          FollowerListener.NO_OP);
  final ServingRule rule = new ServingRule(follower);
  final LogService service;
  final WatchedTables watched = new WatchedTables();
  final OutboxRelay relay;

  RelayNode(Database database, String redisUrl, String application, MappedTable... tables) {
    this(dataSource(database), dataSource(database), redisUrl, application, tables);
  }

  /**
   * @param own opens connections beside the pool; null if there is no such way
   */
  RelayNode(
      @org.jspecify.annotations.Nullable DataSource own,
      DataSource pool,
      String redisUrl,
      String application,
      MappedTable... tables) {
    Config config = new Config();
    config.setLazyInitialization(true);
    config.useSingleServer().setAddress(redisUrl).setConnectionMinimumIdleSize(1);
    redisson = Redisson.create(config);
    calls =
        new RedisCalls(
            redisson,
            application + ":probe",
            Duration.ofSeconds(2),
            Duration.ofMillis(100),
            Duration.ofSeconds(2));
    RedisInvalidationLog log =
        new RedisInvalidationLog(
            calls, application, 10_000, bound -> ThreadLocalRandom.current().nextInt(bound));
    service = new LogService(log, follower, BOUND);
    relay =
        OutboxRelay.of(
            own,
            pool,
            service,
            follower,
            application,
            () -> List.of(tables),
            Triggers.CREATE,
            watched);
    calls.start();
    service.start();
    relay.start();
  }

  static DataSource dataSource(Database database) {
    return new DriverManagerDataSource(database.url(), database.user(), database.password());
  }

  RelayNode awaitCurrent() {
    await().atMost(PATIENCE).until(service::isCurrent);
    return this;
  }

  /** A value that another node has loaded by now, and that may be served here. */
  Stamp shared(String... tags) {
    Stamp stamp = Stamp.remote(follower.position(), Tags.of(tags));
    if (!rule.mayServe(stamp)) {
      throw new IllegalStateException("not current");
    }
    return stamp;
  }

  /** Returns when a value is not served any more. */
  void awaitStale(Stamp stamp) {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofNanos(200_000))
        .atMost(PATIENCE)
        .until(() -> !rule.mayServe(stamp));
  }

  @Override
  public void close() {
    relay.stop();
    service.stop();
    calls.close();
    redisson.shutdown(0, 2, TimeUnit.SECONDS);
  }
}
