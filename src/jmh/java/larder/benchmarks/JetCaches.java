package larder.benchmarks;

import com.alicp.jetcache.Cache;
import com.alicp.jetcache.MultiLevelCacheBuilder;
import com.alicp.jetcache.SimpleCacheManager;
import com.alicp.jetcache.embedded.CaffeineCacheBuilder;
import com.alicp.jetcache.redis.lettuce.RedisLettuceCacheBuilder;
import com.alicp.jetcache.support.BroadcastManager;
import com.alicp.jetcache.support.CacheNotifyMonitor;
import com.alicp.jetcache.support.Fastjson2KeyConvertor;
import com.alicp.jetcache.support.JavaValueDecoder;
import com.alicp.jetcache.support.JavaValueEncoder;
import io.lettuce.core.RedisClient;
import io.lettuce.core.codec.ByteArrayCodec;
import java.util.concurrent.TimeUnit;

/** JetCache's caches of two levels, by their own interface: its annotations are not Spring's. */
public final class JetCaches {

  private static final String AREA = "default";

  private JetCaches() {}

  /** A cache, and what closes it. */
  public record Started<V>(Cache<Long, V> cache, Runnable close) {}

  /**
   * Starts one whose nodes tell each other what changes ({@code syncLocal}).
   *
   * @param port where Redis is
   */
  public static <V> Started<V> start(int port) {
    RedisClient client = RedisClient.create("redis://127.0.0.1:" + port);
    Cache<Long, V> near =
        CaffeineCacheBuilder.createCaffeineCacheBuilder()
            .limit(Peer.MOST_ENTRIES)
            .keyConvertor(Fastjson2KeyConvertor.INSTANCE)
            .expireAfterWrite(Peer.TTL.toMinutes(), TimeUnit.MINUTES)
            .buildCache();
    var builder =
        RedisLettuceCacheBuilder.createRedisLettuceCacheBuilder()
            .redisClient(client)
            .keyConvertor(Fastjson2KeyConvertor.INSTANCE)
            .valueEncoder(JavaValueEncoder.INSTANCE)
            .valueDecoder(JavaValueDecoder.INSTANCE)
            .keyPrefix("jetcache:")
            .broadcastChannel("jetcache")
            .pubSubConnection(client.connectPubSub(ByteArrayCodec.INSTANCE))
            .expireAfterWrite(Peer.TTL.toMinutes(), TimeUnit.MINUTES);
    Cache<Long, V> remote = builder.buildCache();
    Cache<Long, V> both =
        MultiLevelCacheBuilder.createMultiLevelCacheBuilder()
            .addCache(near, remote)
            .useExpireOfSubCache(true)
            .buildCache();
    SimpleCacheManager manager = new SimpleCacheManager();
    manager.putCache(AREA, Accounts.CACHE, both);
    BroadcastManager broadcasts = builder.createBroadcastManager(manager);
    broadcasts.startSubscribe();
    manager.putBroadcastManager(AREA, broadcasts);
    both.config().getMonitors().add(new CacheNotifyMonitor(manager, AREA, Accounts.CACHE));
    return new Started<>(
        both,
        () -> {
          manager.close();
          client.shutdown();
        });
  }
}
