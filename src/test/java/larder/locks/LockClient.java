package larder.locks;

import java.time.Duration;
import larder.redis.Keyspace;
import larder.redis.RedisCalls;
import larder.redis.RedisWay;
import org.redisson.config.Config;

/** One node's way to locks, with a connection of its own. */
public final class LockClient implements AutoCloseable {

  public static final Keyspace KEYSPACE = new Keyspace("app");
  static final String STATE = "{app:locks}:state";
  private static final Duration DEADLINE = Duration.ofMillis(800);

  private final RedisWay way;
  private final Locks locks;

  public LockClient(int port, FenceEpochs epochs, String node) {
    this(epochs, node, RedisWay.single("redis://127.0.0.1:" + port));
  }

  LockClient(FenceEpochs epochs, String node, Config config) {
    way = RedisWay.open(config, "app", DEADLINE);
    locks = new Locks(way.calls(), KEYSPACE, epochs, node, Duration.ofMillis(10), System::nanoTime);
  }

  public Locks locks() {
    return locks;
  }

  RedisCalls calls() {
    return way.calls();
  }

  @Override
  public void close() {
    locks.close();
    way.close();
  }
}
