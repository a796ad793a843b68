package larder.nodes;

import java.time.Duration;
import java.util.Map;
import org.redisson.api.RedissonClient;
import org.redisson.spring.cache.CacheConfig;
import org.redisson.spring.cache.RedissonSpringCacheManager;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.cache.RedisCacheConfiguration;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** The cache managers that people use today, as their documentation sets them up. */
final class Peers {

  private static final Duration TTL = Duration.ofHours(1);

  private Peers() {}

  /** Spring Data Redis, on Redisson's connections. */
  @Configuration(proxyBeanMethods = false)
  @EnableCaching
  static class SpringDataRedis {
    @Bean
    CacheManager cacheManager(RedisConnectionFactory connections) {
      return springData(connections).build();
    }
  }

  /** The same, with puts and evicts that wait for the commit. */
  @Configuration(proxyBeanMethods = false)
  @EnableCaching
  static class SpringDataRedisTransactionAware {
    @Bean
    CacheManager cacheManager(RedisConnectionFactory connections) {
      return springData(connections).transactionAware().build();
    }
  }

  /** Redisson's own. */
  @Configuration(proxyBeanMethods = false)
  @EnableCaching
  static class Redisson {
    @Bean
    CacheManager cacheManager(RedissonClient redisson) {
      return redisson(redisson);
    }
  }

  private static RedisCacheManager.RedisCacheManagerBuilder springData(
      RedisConnectionFactory connections) {
    return RedisCacheManager.builder(connections)
        .cacheDefaults(RedisCacheConfiguration.defaultCacheConfig().entryTtl(TTL));
  }

  private static RedissonSpringCacheManager redisson(RedissonClient client) {
    return new RedissonSpringCacheManager(
        client, Map.of("items", new CacheConfig(TTL.toMillis(), 0)));
  }
}
