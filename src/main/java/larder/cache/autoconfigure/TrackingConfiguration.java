package larder.cache.autoconfigure;

import larder.cache.LarderProperties;
import larder.cache.load.Call;
import larder.cache.log.TagNames;
import larder.cache.log.node.LogFollower;
import larder.cache.method.MethodTracking;
import larder.cache.outbox.WatchedTables;
import larder.cache.policy.PolicyCatalog;
import larder.cache.tracking.DatabaseReads;
import larder.cache.tracking.ReadTracking;
import larder.cache.tracking.Reads;
import larder.cache.tracking.SeenReads;
import larder.cache.transaction.CacheTransactions;
import larder.cache.transaction.TrackedWrites;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.TaskDecorator;

/** What loads read and transactions write. */
@Configuration(proxyBeanMethods = false)
class TrackingConfiguration {

  @Bean
  ReadTracking larderReadTracking(
      LarderProperties properties,
      LogFollower follower,
      ObjectProvider<WatchedTables> watched,
      ObjectProvider<DatabaseReads> database) {
    WatchedTables tables = watched.getIfAvailable();
    return new ReadTracking(
        properties.tracking().maxRows(),
        DatabaseReads.all(database.orderedStream().toList()),
        table -> tables == null || follower.relyingOn().isLog() || tables.isWatched(table));
  }

  @Bean
  MethodTracking larderMethodTracking(
      ReadTracking tracking,
      CacheOperationSource operations,
      PolicyCatalog policies,
      SeenReads seen) {
    return new MethodTracking(
        tracking,
        AdviceConfiguration.withBulk(operations),
        cache -> policies.policy(cache).tracking(),
        seen);
  }

  @Bean
  TagNames larderTagNames() {
    return new TagNames();
  }

  @Bean
  SeenReads larderSeenReads(TagNames names) {
    return new SeenReads(names);
  }

  @Bean
  TrackedWrites larderTrackedWrites(CacheTransactions transactions, TagNames names) {
    return new TrackedWrites(transactions, names);
  }

  /** What a load has done by one of Spring Boot's executors counts as read by it. */
  @Bean
  TaskDecorator larderReadsTaskDecorator() {
    return task -> Call.carriedBy(Reads.carriedBy(task));
  }
}
