package larder.cache.autoconfigure;

import io.micrometer.observation.ObservationRegistry;
import java.time.Clock;
import java.time.Duration;
import larder.cache.LarderProperties;
import larder.cache.adviser.Adviser;
import larder.cache.adviser.StartupReview;
import larder.cache.bulk.BulkReview;
import larder.cache.load.Loads;
import larder.cache.log.TagNames;
import larder.cache.log.node.JoinRule;
import larder.cache.log.node.LogFollower;
import larder.cache.log.node.ServingRule;
import larder.cache.manager.LarderCacheManager;
import larder.cache.manager.Tiers;
import larder.cache.method.AnnotatedMethods;
import larder.cache.method.MethodTracking;
import larder.cache.near.NearCache;
import larder.cache.policy.DeclaredPolicies;
import larder.cache.policy.PolicyCatalog;
import larder.cache.policy.RaisedVersions;
import larder.cache.redis.RedisSampler;
import larder.cache.remote.RedisKeyLocks;
import larder.cache.remote.RedisVersions;
import larder.cache.remote.RemoteStore;
import larder.cache.statistics.Observations;
import larder.cache.statistics.Statistics;
import larder.cache.statistics.Timings;
import larder.cache.transaction.CacheTransactions;
import larder.cache.value.ValueCodec;
import larder.cache.value.ValueTypes;
import larder.redis.Keyspace;
import larder.redis.RedisCalls;
import larder.redis.autoconfigure.LarderRedisAutoConfiguration;
import org.redisson.api.RedissonClient;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.AbstractCachingConfiguration;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/**
 * The layer for a Spring Boot application: caching enabled, and a cache manager on two tiers.
 *
 * <p>Backs off where the application has a {@link CacheManager} of its own, and where {@code
 * spring.cache.type} names another kind than {@code redis}.
 */
@AutoConfiguration(
    before = CacheAutoConfiguration.class,
    after = LarderRedisAutoConfiguration.class,
    afterName = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration")
@ConditionalOnBean(RedissonClient.class)
@ConditionalOnMissingBean(CacheManager.class)
@ConditionalOnProperty(name = "spring.cache.type", havingValue = "redis", matchIfMissing = true)
@EnableConfigurationProperties(LarderProperties.class)
@Import({
  LogConfiguration.class,
  AdviceConfiguration.class,
  JpaConfiguration.class,
  JdbcConfiguration.class,
  TrackingConfiguration.class,
  SessionConfiguration.class,
  PageConfiguration.class,
  ConsistencyConfiguration.class,
  WarmupConfiguration.class,
  OutboxConfiguration.class,
  HibernateConfiguration.class,
  OverviewConfiguration.class,
  MetricsConfiguration.class,
  HealthConfiguration.class,
  EndpointConfiguration.class
})
public final class LarderCacheAutoConfiguration {

  private static final Duration LOCK_LIFE = Duration.ofSeconds(10);

  /** Caching, unless the application enables it itself in a way of its own. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnMissingBean(AbstractCachingConfiguration.class)
  @EnableCaching
  static class Caching {}

  @Bean
  RaisedVersions larderRaisedVersions() {
    return new RaisedVersions();
  }

  @Bean
  RedisVersions larderRedisVersions(
      RedisCalls calls, RaisedVersions raised, Statistics statistics, Keyspace keyspace) {
    String key = keyspace.together() + "log:versions";
    return new RedisVersions(calls, key, raised, () -> statistics.all().keySet());
  }

  @Bean
  PolicyCatalog larderPolicyCatalog(
      LarderProperties properties, DeclaredPolicies declared, RaisedVersions raised) {
    return new PolicyCatalog(properties, declared, raised);
  }

  @Bean
  NearCache larderNearCache(LarderProperties properties) {
    return new NearCache(properties.near().maxSize().toBytes(), System::nanoTime);
  }

  @Bean
  Loads larderLoads(
      CacheTransactions transactions,
      LogFollower follower,
      ServingRule rule,
      RedisCalls calls,
      LarderProperties properties,
      Observations observations) {
    return new Loads(
        transactions,
        follower,
        new JoinRule(follower, rule),
        new RedisKeyLocks(calls, LOCK_LIFE, observations),
        properties.load().patience(),
        properties.load().nodePatience(),
        observations);
  }

  @Bean
  Statistics larderStatistics() {
    return new Statistics();
  }

  @Bean
  Observations larderObservations(ObjectProvider<ObservationRegistry> registry) {
    return new Observations(registry.getIfUnique(() -> ObservationRegistry.NOOP));
  }

  @Bean
  Tiers larderTiers(
      NearCache near,
      RedisCalls calls,
      ServingRule rule,
      CacheTransactions transactions,
      Loads loads,
      Statistics statistics,
      TagNames names,
      Observations observations,
      ObjectProvider<Timings> timings,
      LarderProperties properties) {
    return new Tiers(
        near,
        new RemoteStore(calls, observations, timings.getIfUnique(() -> Timings.NO_OP)),
        new ValueCodec((int) properties.remote().maxValueSize().toBytes()),
        rule,
        transactions,
        loads,
        statistics,
        names,
        System::nanoTime,
        Clock.systemUTC());
  }

  @Bean
  LarderCacheManager cacheManager(
      Keyspace keyspace,
      PolicyCatalog policies,
      Tiers tiers,
      ValueTypes types,
      AnnotatedMethods methods) {
    return new LarderCacheManager(keyspace, policies, tiers, types, methods::declaredTypes);
  }

  @Bean
  BulkReview larderBulkReview(AnnotatedMethods methods) {
    return new BulkReview(methods);
  }

  @Bean
  StartupReview larderStartupReview(
      AnnotatedMethods methods,
      PolicyCatalog policies,
      Statistics statistics,
      Environment environment) {
    KnownSettings.check(environment);
    return new StartupReview(
        methods, policies, statistics, environment.containsProperty("larder.defaults.ttl"));
  }

  @Bean
  Adviser larderAdviser(
      StartupReview review,
      PolicyCatalog policies,
      Statistics statistics,
      AnnotatedMethods methods,
      MethodTracking tracking,
      RedisSampler redis,
      LarderProperties properties) {
    return new Adviser(
        review, policies, statistics, methods, tracking, redis, properties.remote().maxValueSize());
  }
}
