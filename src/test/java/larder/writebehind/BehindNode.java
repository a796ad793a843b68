package larder.writebehind;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import larder.dev.servers.Database;
import larder.redis.Keyspace;
import larder.redis.RedisCalls;
import larder.writebehind.WriteBehind.WhenRefused;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;
import org.redisson.config.EqualJitterDelay;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** A node that writes behind, with a client of Redis and a pool of connections of its own. */
final class BehindNode implements AutoCloseable {

  static final Keyspace KEYSPACE = new Keyspace("behind");

  /** Everything happens soon, and a lease is short. */
  static final WriteBehindProperties SOON =
      new WriteBehindProperties(
          true,
          80_000,
          50,
          Duration.ofMillis(20),
          Duration.ofSeconds(1),
          3,
          Duration.ofMillis(10),
          Duration.ofMillis(100),
          Duration.ofSeconds(5));

  private final RedissonClient redisson;
  private final RedisCalls calls;
  private final HikariDataSource pool;
  private final JdbcTemplate sql;
  private final JdbcTransactionManager manager;
  private final WriteBehindBuffers buffers;

  /**
   * @param deadline longest wait for Redis
   * @param sink writes a batch with the connection of its transaction
   */
  BehindNode(
      int redisPort,
      Database database,
      Duration deadline,
      WriteBehindProperties settings,
      WhenRefused whenRefused,
      BiConsumer<JdbcTemplate, List<?>> sink) {
    this(client(redisPort), database, deadline, settings, whenRefused, sink);
  }

  /** A client that soon notices that its server is back. */
  static Config client(int redisPort) {
    Config config = new Config();
    config.setLazyInitialization(true);
    config
        .useSingleServer()
        .setAddress("redis://127.0.0.1:" + redisPort)
        .setConnectionMinimumIdleSize(1)
        .setConnectionPoolSize(4)
        .setSubscriptionConnectionMinimumIdleSize(0)
        .setReconnectionDelay(new EqualJitterDelay(Duration.ofMillis(50), Duration.ofMillis(300)));
    return config;
  }

  BehindNode(
      Config config,
      Database database,
      Duration deadline,
      WriteBehindProperties settings,
      WhenRefused whenRefused,
      BiConsumer<JdbcTemplate, List<?>> sink) {
    redisson = Redisson.create(config);
    calls = new RedisCalls(redisson, "behind:probe", deadline, Duration.ofMillis(50), deadline);
    HikariConfig settingsOfPool = new HikariConfig();
    settingsOfPool.setJdbcUrl(database.url());
    settingsOfPool.setUsername(database.user());
    settingsOfPool.setPassword(database.password());
    settingsOfPool.setMaximumPoolSize(3);
    settingsOfPool.setConnectionTimeout(2_000);
    settingsOfPool.setValidationTimeout(1_000);
    settingsOfPool.setInitializationFailTimeout(10_000);
    pool = new HikariDataSource(settingsOfPool);
    sql = new JdbcTemplate(pool);
    manager = new JdbcTransactionManager(pool);
    buffers = new WriteBehindBuffers(calls, KEYSPACE, sql, manager, settings);
    buffers.declare(Writes.declaration(whenRefused), batch -> sink.accept(sql, batch));
  }

  /** A node that drops what is refused, and waits long for Redis. */
  static BehindNode of(int redisPort, Database database, BiConsumer<JdbcTemplate, List<?>> sink) {
    return new BehindNode(redisPort, database, Duration.ofSeconds(2), SOON, WhenRefused.DROP, sink);
  }

  /** Opens the way to Redis, and reads nothing yet. */
  BehindNode connected() {
    calls.start();
    return this;
  }

  /** Opens the way to Redis, and reads. */
  BehindNode started() {
    connected();
    buffers.start();
    return this;
  }

  AppendOutcome append(String key, long seq) {
    return buffers.append("writes", List.of(new Write(key, seq)));
  }

  WriteBehindBuffers buffers() {
    return buffers;
  }

  RedisCalls calls() {
    return calls;
  }

  DeadLetters deadLetters() {
    return new DeadLetters(sql, manager, buffers);
  }

  BufferReport report() {
    return buffers.reports().get(0);
  }

  /** Returns the writer of a partition, as the node has it. */
  Batch batch(int partition, Sink sink) {
    return new Batch(
        new Partition("writes", partition),
        new Ledger(sql, Duration.ofSeconds(1)),
        new ElementCodec(Write.class),
        sink,
        Batch.transactions(manager, 10));
  }

  /** Returns the stream of a partition, as a node of another name has it. */
  PartitionStream stream(int partition, String name) {
    String prefix = new Partition("writes", partition).prefix(KEYSPACE);
    return new PartitionStream(calls, prefix, name, () -> "ab".repeat(16));
  }

  JdbcTemplate sql() {
    return sql;
  }

  @Override
  public void close() {
    if (buffers.isRunning()) {
      buffers.stop();
    }
    calls.close();
    redisson.shutdown();
    pool.close();
  }
}
