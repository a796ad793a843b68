package larder.locks.autoconfigure;

import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.InstantSource;
import java.util.UUID;
import javax.sql.DataSource;
import larder.locks.ClockEpochs;
import larder.locks.FenceEpochs;
import larder.locks.LockMetrics;
import larder.locks.Locks;
import larder.locks.LocksProperties;
import larder.locks.jdbc.FencedWrites;
import larder.locks.jdbc.JdbcEpochs;
import larder.locks.method.ExclusiveMethods;
import larder.locks.method.ExclusivePostProcessor;
import larder.redis.Keyspace;
import larder.redis.RedisCalls;
import larder.redis.RedisProperties;
import larder.redis.autoconfigure.LarderRedisAutoConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;

/** Locks over all nodes, and methods that run on one node at a time. */
@AutoConfiguration(
    after = LarderRedisAutoConfiguration.class,
    afterName = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration")
@ConditionalOnBean(RedisCalls.class)
@EnableConfigurationProperties(LocksProperties.class)
public final class LarderLocksAutoConfiguration {

  private static final int NODE_DIGITS = 8;

  @Bean
  Locks larderLocks(
      RedisCalls calls,
      Keyspace keyspace,
      ObjectProvider<FenceEpochs> epochs,
      LocksProperties properties) {
    return new Locks(
        calls,
        keyspace,
        epochs.getIfAvailable(() -> new ClockEpochs(InstantSource.system())),
        UUID.randomUUID().toString().substring(0, NODE_DIGITS),
        properties.poll(),
        System::nanoTime);
  }

  /** Settings are bound here, since annotations are read before other beans are made. */
  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static ExclusivePostProcessor larderExclusiveMethods(
      ObjectProvider<Locks> locks, Environment environment) {
    Binder binder = Binder.get(environment);
    return new ExclusivePostProcessor(
        new ExclusiveMethods(
            binder.bindOrCreate("larder.locks", LocksProperties.class).lease(),
            binder.bindOrCreate("larder", RedisProperties.class).remote().deadline()),
        SingletonSupplier.of(locks::getObject)::obtain);
  }

  /** Numbers begin in the database, and old ones are refused there. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "org.springframework.jdbc.core.JdbcTemplate")
  @ConditionalOnSingleCandidate(DataSource.class)
  static class WithDatabase {

    @Bean
    @ConditionalOnMissingBean
    FenceEpochs larderFenceEpochs(DataSource database) {
      return new JdbcEpochs(database, new ClockEpochs(InstantSource.system()));
    }

    @Bean
    @ConditionalOnMissingBean
    FencedWrites larderFencedWrites(DataSource database) {
      return new FencedWrites(database);
    }
  }

  /** Its meters, for an application that has Micrometer. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(MeterBinder.class)
  static class Metrics {

    @Bean
    LockMetrics larderLockMetrics(Locks locks) {
      return new LockMetrics(locks);
    }
  }
}
