package larder.ranking.autoconfigure;

import io.micrometer.core.instrument.binder.MeterBinder;
import larder.ranking.Leaderboards;
import larder.ranking.RankingMetrics;
import larder.ranking.RankingProperties;
import larder.redis.Keyspace;
import larder.redis.RedisCalls;
import larder.redis.autoconfigure.LarderRedisAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Leaderboards over all nodes. */
@AutoConfiguration(after = LarderRedisAutoConfiguration.class)
@ConditionalOnBean(RedisCalls.class)
@EnableConfigurationProperties(RankingProperties.class)
public final class LarderRankingAutoConfiguration {

  @Bean
  Leaderboards larderLeaderboards(
      RedisCalls calls, Keyspace keyspace, RankingProperties properties) {
    return new Leaderboards(calls, keyspace, properties.capacity());
  }

  /** Their meters, for an application that has Micrometer. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(MeterBinder.class)
  static class Metrics {

    @Bean
    RankingMetrics larderRankingMetrics(Leaderboards boards) {
      return new RankingMetrics(boards);
    }
  }
}
