package larder.benchmarks.pages;

import com.github.benmanes.caffeine.cache.Caffeine;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import larder.cache.BulkCacheable;
import larder.monolith.users.DirectoryPage;
import larder.monolith.users.User;
import org.jspecify.annotations.Nullable;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.redisson.codec.CompositeCodec;
import org.redisson.codec.TypedJsonJackson3Codec;
import org.redisson.config.Config;
import org.redisson.spring.cache.CacheConfig;
import org.redisson.spring.cache.RedissonSpringCacheManager;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.AnnotationCacheOperationSource;
import org.springframework.cache.annotation.CacheAnnotationParser;
import org.springframework.cache.annotation.SpringCacheAnnotationParser;
import org.springframework.cache.caffeine.CaffeineCacheManager;
import org.springframework.cache.interceptor.BeanFactoryCacheOperationSourceAdvisor;
import org.springframework.cache.interceptor.CacheInterceptor;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.cache.interceptor.CacheableOperation;
import org.springframework.cache.support.CompositeCacheManager;
import org.springframework.cache.support.NoOpCacheManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.data.redis.cache.RedisCacheConfiguration;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.cache.RedisCacheWriter;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.serializer.JacksonJsonRedisSerializer;
import org.springframework.data.redis.serializer.RedisSerializationContext.SerializationPair;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Caching as people have it without the layer: Spring's own advice on one of its cache managers,
 * which stands in the way of the layer's. Times to live are the monolith's; values are JSON by
 * their type.
 */
@Configuration(proxyBeanMethods = false)
class PeerCaching {

  /** The cache that Spring's annotation would name where the monolith has the layer's. */
  private static final String COUNTERS = "profile-counters";

  private static final int MOST_ENTRIES = 100_000;

  /** What the two pages call. */
  private static final List<Kept<?>> CACHES =
      List.of(
          new Kept<>("users", Duration.ofHours(1), new TypeReference<User>() {}),
          new Kept<>("users-by-handle", Duration.ofHours(1), new TypeReference<User>() {}),
          new Kept<>(
              "user-directory", Duration.ofMinutes(1), new TypeReference<DirectoryPage>() {}),
          new Kept<>(COUNTERS, Duration.ofHours(1), new TypeReference<Map<String, Long>>() {}),
          new Kept<>("profile-settings", Duration.ofHours(1), new TypeReference<String>() {}),
          new Kept<>("profile-views", Duration.ofSeconds(10), new TypeReference<Long>() {}));

  /** A cache: for how long it keeps values of which type. */
  private record Kept<T>(String name, Duration ttl, TypeReference<T> type) {}

  @Bean
  CacheManager cacheManager(
      @Value("${larder.benchmarks.setup}") Setup setup,
      @Value("${spring.data.redis.url}") String redis)
      throws Exception {
    return switch (setup) {
      case OFF -> new NoOpCacheManager();
      case CAFFEINE -> caffeine();
      case REDIS -> lettuce(redis);
      case REDISSON -> redisson(redis);
      case LARDER, SERVICES -> throw new IllegalArgumentException(setup + " is no peer");
    };
  }

  private static CacheManager caffeine() {
    CaffeineCacheManager manager = new CaffeineCacheManager();
    for (Kept<?> cache : CACHES) {
      manager.registerCustomCache(
          cache.name(),
          Caffeine.newBuilder().maximumSize(MOST_ENTRIES).expireAfterWrite(cache.ttl()).build());
    }
    return manager;
  }

  private static CacheManager lettuce(String redis) {
    RedisConfiguration server = LettuceConnectionFactory.createRedisConfiguration(redis);
    LettuceConnectionFactory connections = new LettuceConnectionFactory(server);
    connections.afterPropertiesSet();
    connections.start();
    var manager =
        RedisCacheManager.builder(RedisCacheWriter.nonLockingRedisCacheWriter(connections));
    for (Kept<?> cache : CACHES) {
      manager.withCacheConfiguration(cache.name(), settings(cache));
    }
    return manager.build();
  }

  private static RedisCacheConfiguration settings(Kept<?> cache) {
    var type = JsonMapper.shared().constructType(cache.type());
    return RedisCacheConfiguration.defaultCacheConfig()
        .entryTtl(cache.ttl())
        .prefixCacheNameWith("spring:")
        .serializeValuesWith(
            SerializationPair.fromSerializer(new JacksonJsonRedisSerializer<>(type)));
  }

  /**
   * One codec serves a manager, so that each cache has a manager. Keys are text: as JSON all of
   * Spring's keys of several arguments would be one.
   */
  private static CacheManager redisson(String redis) throws Exception {
    Config config = new Config();
    config.useSingleServer().setAddress(redis);
    RedissonClient client = Redisson.create(config);
    CompositeCacheManager all = new CompositeCacheManager();
    for (Kept<?> cache : CACHES) {
      all.setCacheManagers(List.of(redisson(client, cache)));
    }
    return all;
  }

  private static CacheManager redisson(RedissonClient client, Kept<?> cache) throws Exception {
    RedissonSpringCacheManager manager =
        new RedissonSpringCacheManager(
            client,
            Map.of(cache.name(), new CacheConfig(cache.ttl().toMillis(), 0)),
            new CompositeCodec(
                StringCodec.INSTANCE,
                new TypedJsonJackson3Codec(
                    cache.type(), new TypeReference<Object>() {}, cache.type())));
    manager.setCacheNames(List.of(cache.name()));
    manager.afterPropertiesSet();
    return manager;
  }

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static CacheOperationSource cacheOperationSource() {
    return new AnnotationCacheOperationSource(
        new SpringCacheAnnotationParser(), new BulkAsCacheable());
  }

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static CacheInterceptor cacheInterceptor(CacheOperationSource operations) {
    CacheInterceptor interceptor = new CacheInterceptor();
    interceptor.setCacheOperationSource(operations);
    return interceptor;
  }

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static BeanFactoryCacheOperationSourceAdvisor cacheAdvisor(
      CacheOperationSource operations, CacheInterceptor interceptor) {
    BeanFactoryCacheOperationSourceAdvisor advisor = new BeanFactoryCacheOperationSourceAdvisor();
    advisor.setCacheOperationSource(operations);
    advisor.setAdvice(interceptor);
    return advisor;
  }

  /** Takes the counters that are asked for at once as Spring's own annotation would have them. */
  private static final class BulkAsCacheable implements CacheAnnotationParser {

    @Override
    public @Nullable Collection<CacheOperation> parseCacheAnnotations(Class<?> type) {
      return null;
    }

    @Override
    public @Nullable Collection<CacheOperation> parseCacheAnnotations(Method method) {
      BulkCacheable declared = method.getAnnotation(BulkCacheable.class);
      if (declared == null || !declared.value().equals(COUNTERS)) {
        return null;
      }
      CacheableOperation.Builder operation = new CacheableOperation.Builder();
      operation.setName(method.toString());
      operation.setCacheName(COUNTERS);
      return List.of(operation.build());
    }
  }
}
