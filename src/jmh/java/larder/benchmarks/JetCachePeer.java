package larder.benchmarks;

import com.alicp.jetcache.Cache;
import com.alicp.jetcache.MultiLevelCacheBuilder;
import com.alicp.jetcache.embedded.CaffeineCacheBuilder;
import com.alicp.jetcache.redis.lettuce.RedisLettuceCacheBuilder;
import com.alicp.jetcache.support.Fastjson2KeyConvertor;
import com.alicp.jetcache.support.JavaValueDecoder;
import com.alicp.jetcache.support.JavaValueEncoder;
import io.lettuce.core.RedisClient;
import java.util.concurrent.TimeUnit;

/** JetCache's cache of two levels, by its own interface: its annotations are not Spring's. */
final class JetCachePeer {

  private JetCachePeer() {}

  static Peer start(int port) {
    RedisClient client = RedisClient.create("redis://127.0.0.1:" + port);
    Cache<Long, Account> near =
        CaffeineCacheBuilder.createCaffeineCacheBuilder()
            .limit(Peer.MOST_ENTRIES)
            .keyConvertor(Fastjson2KeyConvertor.INSTANCE)
            .expireAfterWrite(Peer.TTL.toMinutes(), TimeUnit.MINUTES)
            .buildCache();
    Cache<Long, Account> remote =
        RedisLettuceCacheBuilder.createRedisLettuceCacheBuilder()
            .redisClient(client)
            .keyConvertor(Fastjson2KeyConvertor.INSTANCE)
            .valueEncoder(JavaValueEncoder.INSTANCE)
            .valueDecoder(JavaValueDecoder.INSTANCE)
            .keyPrefix("jetcache:")
            .expireAfterWrite(Peer.TTL.toMinutes(), TimeUnit.MINUTES)
            .buildCache();
    Cache<Long, Account> both =
        MultiLevelCacheBuilder.createMultiLevelCacheBuilder()
            .addCache(near, remote)
            .useExpireOfSubCache(true)
            .buildCache();
    return new Peer() {
      @Override
      public Object get(long id) {
        return both.computeIfAbsent(id, Account::of);
      }

      @Override
      public void close() {
        both.close();
        client.shutdown();
      }
    };
  }
}
