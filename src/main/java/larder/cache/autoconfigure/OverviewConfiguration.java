package larder.cache.autoconfigure;

import java.util.Collection;
import larder.cache.LarderProperties;
import larder.cache.log.TagNames;
import larder.cache.log.node.LogFollower;
import larder.cache.log.service.LogService;
import larder.cache.log.service.MeasuredLog;
import larder.cache.manager.LarderCacheManager;
import larder.cache.method.AnnotatedMethods;
import larder.cache.near.NearCache;
import larder.cache.outbox.OutboxRelay;
import larder.cache.overview.CacheInspector;
import larder.cache.overview.CacheSampler;
import larder.cache.overview.InvalidationFeed;
import larder.cache.overview.MoreFigures;
import larder.cache.overview.NodeReporter;
import larder.cache.overview.Overview;
import larder.cache.policy.PolicyCatalog;
import larder.cache.redis.RedisSampler;
import larder.cache.statistics.Statistics;
import larder.cache.tracking.MappedTable;
import larder.cache.tracking.MappedTables;
import larder.cache.tracking.SeenReads;
import larder.redis.RedisCalls;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What people who look after the application see of its caches. */
@Configuration(proxyBeanMethods = false)
class OverviewConfiguration {

  @Bean
  CacheSampler larderCacheSampler(Statistics statistics) {
    return new CacheSampler(statistics, System::nanoTime);
  }

  @Bean
  Overview larderOverview(
      LarderCacheManager caches,
      AnnotatedMethods methods,
      CacheSampler sampler,
      InvalidationFeed feed,
      TagNames names,
      ObjectProvider<MappedTables> mapped) {
    return new Overview(caches, methods, sampler, feed, names, () -> tables(mapped));
  }

  private static Collection<String> tables(ObjectProvider<MappedTables> mapped) {
    return mapped
        .orderedStream()
        .flatMap(tables -> tables.tables().stream())
        .map(MappedTable::name)
        .toList();
  }

  @Bean
  CacheInspector larderCacheInspector(
      LarderCacheManager caches,
      AnnotatedMethods methods,
      PolicyCatalog policies,
      Statistics statistics,
      SeenReads reads,
      NearCache near) {
    return new CacheInspector(caches, methods, policies, statistics, reads, near, System::nanoTime);
  }

  @Bean
  MoreFigures larderMoreFigures(
      LogFollower follower,
      MeasuredLog log,
      ObjectProvider<OutboxRelay> relay,
      RedisSampler redis,
      Statistics statistics) {
    return new MoreFigures(follower, log, relay.getIfAvailable(), redis, statistics);
  }

  @Bean
  NodeReporter larderNodeReporter(
      LogFollower follower,
      LogService log,
      RedisCalls redis,
      NearCache near,
      Statistics statistics,
      ObjectProvider<OutboxRelay> relay,
      LarderProperties properties) {
    OutboxRelay own = relay.getIfAvailable();
    return new NodeReporter(
        follower, log, redis, near, statistics, () -> own == null ? null : own.state(), properties);
  }
}
