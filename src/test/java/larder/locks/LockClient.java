package larder.locks;

import java.time.Duration;
import larder.redis.Keyspace;
import larder.redis.RedisCalls;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/** One node's way to locks, with a connection of its own. */
public final class LockClient implements AutoCloseable {

  public static final Keyspace KEYSPACE = new Keyspace("app");
  static final String STATE = "{app:locks}:state";
  private static final Duration DEADLINE = Duration.ofMillis(800);

  private final RedissonClient client;
  private final RedisCalls calls;
  private final Locks locks;

  public LockClient(int port, FenceEpochs epochs, String node) {
    this(port, epochs, node, new Config());
  }

  LockClient(int port, FenceEpochs epochs, String node, Config config) {
    config
        .useSingleServer()
        .setAddress("redis://127.0.0.1:" + port)
        .setConnectionMinimumIdleSize(1);
    config.setLazyInitialization(true);
    client = Redisson.create(config);
    calls =
        new RedisCalls(client, "app:probe", DEADLINE, Duration.ofMillis(50), Duration.ofSeconds(5));
    calls.start();
    locks = new Locks(calls, KEYSPACE, epochs, node, Duration.ofMillis(10), System::nanoTime);
  }

  public Locks locks() {
    return locks;
  }

  RedisCalls calls() {
    return calls;
  }

  @Override
  public void close() {
    locks.close();
    calls.close();
    client.shutdown();
  }
}
