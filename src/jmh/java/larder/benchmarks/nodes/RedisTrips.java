package larder.benchmarks.nodes;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import larder.benchmarks.CacheManagers;
import org.redisson.api.RBucket;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/** Lone round trips to Redis, by each of the two clients. */
final class RedisTrips implements AutoCloseable {

  private final RedisClient lettuce;
  private final StatefulRedisConnection<String, String> connection;
  private final RedissonClient redisson;
  private final RBucket<String> bucket;

  RedisTrips(int port) {
    lettuce = RedisClient.create("redis://127.0.0.1:" + port);
    connection = lettuce.connect();
    redisson = CacheManagers.client(port);
    bucket = redisson.getBucket("trips", StringCodec.INSTANCE);
    bucket.set("x".repeat(300));
  }

  /** Sends a PING by Lettuce and waits for the answer. */
  Object ping() {
    return connection.sync().ping();
  }

  /** Reads a string by Lettuce. */
  Object lettuceGet() {
    return connection.sync().get("trips");
  }

  /** Reads a string by Redisson. */
  Object redissonGet() {
    return bucket.get();
  }

  @Override
  public void close() {
    lettuce.shutdown();
    redisson.shutdown();
  }
}
