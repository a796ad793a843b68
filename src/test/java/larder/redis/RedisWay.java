package larder.redis;

import java.time.Duration;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/** A way to Redis for a test, as each node has one: a client and the calls through it. */
public final class RedisWay implements AutoCloseable {

  /** Longer than an answer takes on a busy machine. */
  public static final Duration PATIENT = Duration.ofSeconds(5);

  /** A client's first start in a JVM takes long on such a machine. */
  private static final Duration FIRST_START = Duration.ofSeconds(30);

  private static final Duration PROBE_INTERVAL = Duration.ofMillis(50);

  private final RedissonClient client;
  private final RedisCalls calls;

  private RedisWay(RedissonClient client, RedisCalls calls) {
    this.client = client;
    this.calls = calls;
  }

  /** Returns a client's settings for one server, with few connections. */
  public static Config single(String url) {
    Config config = new Config();
    config.setLazyInitialization(true);
    config.useSingleServer().setAddress(url).setConnectionMinimumIdleSize(1);
    return config;
  }

  /** Opens a way, and returns when Redis answers; if it does not, after some seconds. */
  public static RedisWay open(Config config, String application, Duration deadline) {
    return open(config, application, deadline, PATIENT);
  }

  /** Opens a patient way to one server, and returns when it answers. */
  public static RedisWay open(String url, String application) {
    return open(single(url), application, PATIENT, FIRST_START);
  }

  private static RedisWay open(
      Config config, String application, Duration deadline, Duration connectWait) {
    RedissonClient client = Redisson.create(config);
    RedisCalls calls =
        new RedisCalls(client, application + ":probe", deadline, PROBE_INTERVAL, connectWait);
    calls.start();
    return new RedisWay(client, calls);
  }

  public RedissonClient client() {
    return client;
  }

  public RedisCalls calls() {
    return calls;
  }

  @Override
  public void close() {
    calls.close();
    client.shutdown();
  }
}
