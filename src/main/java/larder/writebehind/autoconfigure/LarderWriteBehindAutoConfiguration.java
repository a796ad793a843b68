package larder.writebehind.autoconfigure;

import javax.sql.DataSource;
import larder.redis.Keyspace;
import larder.redis.RedisCalls;
import larder.redis.autoconfigure.LarderRedisAutoConfiguration;
import larder.writebehind.DeadLetters;
import larder.writebehind.WriteBehindBuffers;
import larder.writebehind.WriteBehindInterceptor;
import larder.writebehind.WriteBehindMetrics;
import larder.writebehind.WriteBehindProperties;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Write-behind for an application that has Redis and one database. Elsewhere annotated methods run
 * when they are called.
 */
@AutoConfiguration(
    after = LarderRedisAutoConfiguration.class,
    afterName = {
      "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
      "org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration",
      "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration"
    })
@ConditionalOnClass(
    name = {
      "org.springframework.jdbc.core.JdbcTemplate",
      "org.springframework.transaction.PlatformTransactionManager"
    })
@ConditionalOnBean(RedisCalls.class)
@ConditionalOnSingleCandidate(DataSource.class)
@ConditionalOnProperty(name = "larder.writebehind.enabled", matchIfMissing = true)
@EnableConfigurationProperties(WriteBehindProperties.class)
public final class LarderWriteBehindAutoConfiguration {

  /** What needs one kind of transactions, so that there is no choice. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnSingleCandidate(PlatformTransactionManager.class)
  static class Buffers {

    @Bean
    WriteBehindBuffers larderWriteBehindBuffers(
        RedisCalls calls,
        Keyspace keyspace,
        DataSource database,
        PlatformTransactionManager manager,
        WriteBehindProperties settings) {
      return new WriteBehindBuffers(calls, keyspace, new JdbcTemplate(database), manager, settings);
    }

    @Bean
    DeadLetters larderDeadLetters(
        DataSource database, PlatformTransactionManager manager, WriteBehindBuffers buffers) {
      return new DeadLetters(new JdbcTemplate(database), manager, buffers);
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static WriteBehindInterceptor larderWriteBehindInterceptor(
        ObjectProvider<WriteBehindBuffers> buffers) {
      return new WriteBehindInterceptor(buffers::getObject);
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static WriteBehindAdvice larderWriteBehindAdvice(WriteBehindInterceptor interceptor) {
      return new WriteBehindAdvice(interceptor);
    }

    @Bean
    static DeclaredBuffers larderDeclaredBuffers(
        ConfigurableListableBeanFactory beans,
        ObjectProvider<WriteBehindBuffers> buffers,
        WriteBehindInterceptor interceptor) {
      return new DeclaredBuffers(beans, buffers, interceptor);
    }

    /** Its meters, for an application that has Micrometer. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "io.micrometer.core.instrument.binder.MeterBinder")
    static class Metrics {

      @Bean
      WriteBehindMetrics larderWriteBehindMetrics(WriteBehindBuffers buffers) {
        return new WriteBehindMetrics(buffers);
      }
    }
  }
}
