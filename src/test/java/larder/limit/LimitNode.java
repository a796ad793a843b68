package larder.limit;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import larder.redis.Keyspace;
import larder.redis.RedisCalls;
import larder.redis.RedisWay;
import org.redisson.api.RScript.Mode;
import org.redisson.api.RScript.ReturnType;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;

/** What one node has of rate limits, with a client of its own. */
final class LimitNode implements AutoCloseable {

  final RateLimiter limiter;
  final LimitCounts counts = new LimitCounts();
  final RedisCalls calls;
  private final RedisWay way;

  LimitNode(int port, Duration deadline, List<Limit> limits) {
    Config config = RedisWay.single("redis://127.0.0.1:" + port);
    config.useSingleServer().setConnectionPoolSize(16);
    way = RedisWay.open(config, "shop", deadline);
    calls = way.calls();
    LimitCatalog catalog = new LimitCatalog(Map.of());
    limits.forEach(limit -> catalog.declare(limit, "a test"));
    limiter =
        new RateLimiter(catalog, counts, calls, new Keyspace("shop"), "a secret", System::nanoTime);
  }

  /** Returns the server's time in microseconds. */
  long serverMicros() {
    List<String> time =
        way.client()
            .getScript(StringCodec.INSTANCE)
            .eval(Mode.READ_ONLY, "return redis.call('TIME')", ReturnType.LIST);
    return Long.parseLong(time.get(0)) * 1_000_000 + Long.parseLong(time.get(1));
  }

  @Override
  public void close() {
    way.close();
  }
}
