package larder.benchmarks;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Map;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.codec.TypedJsonJackson3Codec;
import org.redisson.config.Config;
import org.redisson.spring.cache.CacheConfig;
import org.redisson.spring.cache.RedissonSpringCacheManager;
import org.springframework.cache.CacheManager;
import org.springframework.cache.caffeine.CaffeineCacheManager;
import org.springframework.data.redis.cache.BatchStrategies;
import org.springframework.data.redis.cache.RedisCacheConfiguration;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.cache.RedisCacheWriter;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.serializer.JacksonJsonRedisSerializer;
import org.springframework.data.redis.serializer.RedisSerializationContext.SerializationPair;

/** The cache managers that people use today, with a time to live and values as JSON. */
public final class CacheManagers {

  private CacheManagers() {}

  /** A cache manager, and what closes its connections. */
  public record Started(CacheManager manager, Runnable close) {}

  /**
   * Starts one with a cache named {@link Accounts#CACHE}.
   *
   * @param name its class, by its simple name
   * @param port where Redis is
   * @param value the type of its values
   */
  public static Started start(String name, int port, Class<?> value) {
    return switch (name) {
      case "CaffeineCacheManager" -> new Started(caffeine(), () -> {});
      case "RedisCacheManager" -> springData(port, value);
      case "RedissonSpringCacheManager" -> redisson(port, value);
      default -> throw new IllegalArgumentException("No cache manager has the name " + name);
    };
  }

  private static CacheManager caffeine() {
    CaffeineCacheManager manager = new CaffeineCacheManager(Accounts.CACHE);
    manager.setCaffeine(
        Caffeine.newBuilder().maximumSize(Peer.MOST_ENTRIES).expireAfterWrite(Peer.TTL));
    return manager;
  }

  private static Started springData(int port, Class<?> value) {
    LettuceConnectionFactory connections =
        new LettuceConnectionFactory(new RedisStandaloneConfiguration("127.0.0.1", port));
    connections.afterPropertiesSet();
    connections.start();
    RedisCacheConfiguration settings =
        RedisCacheConfiguration.defaultCacheConfig()
            .entryTtl(Peer.TTL)
            .prefixCacheNameWith("spring:")
            .serializeValuesWith(
                SerializationPair.fromSerializer(new JacksonJsonRedisSerializer<>(value)));
    RedisCacheWriter writer =
        RedisCacheWriter.nonLockingRedisCacheWriter(connections, BatchStrategies.scan(1_000));
    return new Started(
        RedisCacheManager.builder(writer).cacheDefaults(settings).build(), connections::destroy);
  }

  private static Started redisson(int port, Class<?> value) {
    RedissonClient client = client(port);
    return new Started(
        new RedissonSpringCacheManager(
            client,
            Map.of(Accounts.CACHE, new CacheConfig(Peer.TTL.toMillis(), 0)),
            new TypedJsonJackson3Codec(value, Long.class, value)),
        client::shutdown);
  }

  /** Returns a client of Redisson as it comes, but for the address. */
  public static RedissonClient client(int port) {
    Config config = new Config();
    config.useSingleServer().setAddress("redis://127.0.0.1:" + port);
    return Redisson.create(config);
  }
}
