package larder.cache.autoconfigure;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import larder.cache.LarderProperties;
import larder.cache.load.Calls;
import larder.cache.log.LogRecord;
import larder.cache.log.Position;
import larder.cache.log.Source;
import larder.cache.log.node.FollowerListener;
import larder.cache.log.node.FollowerSettings;
import larder.cache.log.node.LogFollower;
import larder.cache.log.node.ServingRule;
import larder.cache.log.redis.RedisInvalidationLog;
import larder.cache.log.service.LogService;
import larder.cache.log.service.MeasuredLog;
import larder.cache.near.NearCache;
import larder.cache.overview.InvalidationFeed;
import larder.cache.redis.RedisSampler;
import larder.cache.statistics.Observations;
import larder.cache.statistics.Timings;
import larder.cache.transaction.CacheTransactions;
import larder.cache.transaction.Outbox;
import larder.cache.transaction.PersistenceContexts;
import larder.cache.transaction.TransactionEnd;
import larder.redis.Keyspace;
import larder.redis.RedisCalls;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The log in Redis, and what this node knows of it. */
@Configuration(proxyBeanMethods = false)
class LogConfiguration {

  private static final int KEPT_RECORDS = 100_000;

  @Bean
  InvalidationFeed larderInvalidationFeed() {
    return new InvalidationFeed(Clock.systemUTC());
  }

  @Bean
  RedisSampler larderRedisSampler(
      RedisCalls calls, LarderProperties properties, Keyspace keyspace) {
    List<String> own =
        keyspace.beginnings().stream()
            .map(calls.redisson().getConfig().getNameMapper()::map)
            .toList();
    return new RedisSampler(
        calls,
        keyspace.prefix() + "probe",
        key -> own.stream().anyMatch(key::startsWith),
        properties.remote().figuresInterval(),
        System::nanoTime);
  }

  @Bean
  LogFollower larderLogFollower(
      LarderProperties properties, NearCache near, InvalidationFeed feed) {
    FollowerSettings settings =
        new FollowerSettings(properties.maxStaleness(), FollowerSettings.DEFAULT_SLOTS, Source.LOG);
    return new LogFollower(settings, System::nanoTime, new Forgetting(near, feed));
  }

  @Bean
  ServingRule larderServingRule(LogFollower follower) {
    return new ServingRule(follower);
  }

  @Bean
  MeasuredLog larderLog(
      RedisCalls calls,
      Keyspace keyspace,
      Observations observations,
      ObjectProvider<Timings> timings) {
    RedisInvalidationLog log =
        new RedisInvalidationLog(
            calls,
            keyspace.application(),
            KEPT_RECORDS,
            bound -> ThreadLocalRandom.current().nextInt(bound));
    return new MeasuredLog(
        log, observations, timings.getIfUnique(() -> Timings.NO_OP), System::nanoTime);
  }

  @Bean
  LogService larderLogService(MeasuredLog log, LogFollower follower, LarderProperties properties) {
    return new LogService(log, follower, properties.maxStaleness());
  }

  @Bean
  CacheTransactions larderCacheTransactions(
      LogService service,
      LogFollower follower,
      ObjectProvider<PersistenceContexts> contexts,
      ObjectProvider<Outbox> outbox,
      ObjectProvider<TransactionEnd> end) {
    CacheTransactions transactions =
        new CacheTransactions(
            service,
            follower,
            contexts.getIfAvailable(() -> PersistenceContexts.NONE),
            new Calls(follower));
    TransactionEnd known = end.getIfAvailable(() -> TransactionEnd.UNKNOWN);
    outbox.ifAvailable(found -> transactions.leaveIn(found, known));
    return transactions;
  }

  /** Frees the memory of entries that no longer can be judged, and tells those who look. */
  private record Forgetting(NearCache near, InvalidationFeed feed) implements FollowerListener {

    @Override
    public void newHistory(Position position) {
      near.clear();
      feed.newHistory(position);
    }

    @Override
    public void gap(Position from, Position to) {
      near.clear();
      feed.gap(from, to);
    }

    @Override
    public void applied(Position at, LogRecord record, boolean replayed) {
      feed.applied(at, record, replayed);
    }
  }
}
