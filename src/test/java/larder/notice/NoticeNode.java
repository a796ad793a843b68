package larder.notice;

import java.time.Duration;
import larder.redis.Keyspace;
import larder.redis.RedisCalls;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;
import org.redisson.config.EqualJitterDelay;

/** One node that publishes and hears notices, with a client of its own. */
public final class NoticeNode implements AutoCloseable {

  private final RedissonClient client;
  private final RedisCalls calls;
  private final Notices notices;

  private NoticeNode(RedissonClient client, RedisCalls calls, Notices notices) {
    this.client = client;
    this.calls = calls;
    this.notices = notices;
  }

  /** Returns the defaults, but for what is given. */
  public static NoticeProperties keeping(int kept, Duration readInterval) {
    return new NoticeProperties(
        kept,
        Duration.ofMinutes(10),
        readInterval,
        Duration.ofSeconds(15),
        12,
        2000,
        Duration.ofMinutes(10));
  }

  public static NoticeNode start(
      int port, String application, Duration deadline, NoticeProperties properties) {
    Config config = new Config();
    config.setLazyInitialization(true);
    config
        .useSingleServer()
        .setAddress("redis://127.0.0.1:" + port)
        .setReconnectionDelay(new EqualJitterDelay(Duration.ofMillis(50), Duration.ofMillis(200)))
        .setConnectionMinimumIdleSize(1);
    RedissonClient client = Redisson.create(config);
    RedisCalls calls =
        new RedisCalls(
            client, application + ":probe", deadline, Duration.ofMillis(50), Duration.ofSeconds(5));
    calls.start();
    return new NoticeNode(client, calls, new Notices(calls, new Keyspace(application), properties));
  }

  public Notices notices() {
    return notices;
  }

  boolean asksRedis() {
    return calls.isAvailable();
  }

  @Override
  public void close() {
    notices.close();
    calls.close();
    client.shutdown();
  }
}
