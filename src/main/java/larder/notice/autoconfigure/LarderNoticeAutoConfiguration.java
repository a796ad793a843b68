package larder.notice.autoconfigure;

import larder.notice.NoticeMetrics;
import larder.notice.NoticeProperties;
import larder.notice.Notices;
import larder.notice.web.ConnectionMetrics;
import larder.notice.web.NoticeConnections;
import larder.redis.Keyspace;
import larder.redis.RedisCalls;
import larder.redis.autoconfigure.LarderRedisAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Notices among all nodes, and server-sent events where there are web pages. */
@AutoConfiguration(after = LarderRedisAutoConfiguration.class)
@ConditionalOnBean(RedisCalls.class)
@EnableConfigurationProperties(NoticeProperties.class)
public final class LarderNoticeAutoConfiguration {

  private static final String METERS = "io.micrometer.core.instrument.binder.MeterBinder";

  @Bean(destroyMethod = "close")
  Notices larderNotices(RedisCalls calls, Keyspace keyspace, NoticeProperties properties) {
    return new Notices(calls, keyspace, properties);
  }

  /** For an application that has Micrometer. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = METERS)
  static class Metrics {

    @Bean
    NoticeMetrics larderNoticeMetrics(Notices notices) {
      return new NoticeMetrics(notices);
    }
  }

  /** For an application with web pages. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
  @ConditionalOnClass(name = "jakarta.servlet.WriteListener")
  static class Web {

    @Bean
    NoticeConnections larderNoticeConnections(Notices notices, NoticeProperties properties) {
      return new NoticeConnections(notices, properties, System::nanoTime);
    }

    /** For one that has both. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = METERS)
    static class WebMetrics {

      @Bean
      ConnectionMetrics larderNoticeConnectionMetrics(NoticeConnections connections) {
        return new ConnectionMetrics(connections);
      }
    }
  }
}
