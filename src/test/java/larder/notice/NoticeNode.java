package larder.notice;

import java.time.Duration;
import larder.redis.Keyspace;
import larder.redis.RedisWay;
import org.redisson.config.Config;
import org.redisson.config.EqualJitterDelay;

/** One node that publishes and hears notices, with a client of its own. */
public final class NoticeNode implements AutoCloseable {

  private final RedisWay way;
  private final Notices notices;

  private NoticeNode(RedisWay way, Notices notices) {
    this.way = way;
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
    Config config = RedisWay.single("redis://127.0.0.1:" + port);
    config
        .useSingleServer()
        .setReconnectionDelay(new EqualJitterDelay(Duration.ofMillis(50), Duration.ofMillis(200)));
    RedisWay way = RedisWay.open(config, application, deadline);
    return new NoticeNode(way, new Notices(way.calls(), new Keyspace(application), properties));
  }

  public Notices notices() {
    return notices;
  }

  boolean asksRedis() {
    return way.calls().isAvailable();
  }

  @Override
  public void close() {
    notices.close();
    way.close();
  }
}
