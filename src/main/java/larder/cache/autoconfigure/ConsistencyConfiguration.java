package larder.cache.autoconfigure;

import java.time.Clock;
import larder.cache.LarderProperties;
import larder.cache.consistency.ConsistencyMeter;
import larder.cache.consistency.UnitOfWork;
import larder.cache.log.node.LogFollower;
import larder.cache.log.service.LogService;
import larder.cache.statistics.Statistics;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;

/** The meter of the promise. */
@Configuration(proxyBeanMethods = false)
class ConsistencyConfiguration {

  @Bean
  ConsistencyMeter larderConsistencyMeter(
      LarderProperties properties,
      CacheOperationSource operations,
      LogService log,
      LogFollower follower,
      ObjectProvider<PlatformTransactionManager> transactions,
      Statistics statistics) {
    PlatformTransactionManager only = transactions.getIfUnique();
    return new ConsistencyMeter(
        properties.consistency(),
        properties.maxStaleness(),
        operations,
        new ConsistencyMeter.Node(
            log::isCurrent, follower::position, System::nanoTime, Clock.systemUTC()),
        only == null ? UnitOfWork.NONE : UnitOfWork.readOnly(only),
        statistics);
  }
}
