package larder.limit.autoconfigure;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import larder.limit.CallerSource;
import larder.limit.DecisionListener;
import larder.limit.Limit;
import larder.limit.LimitCatalog;
import larder.limit.LimitCounts;
import larder.limit.LimitProperties;
import larder.limit.RateLimiter;
import larder.limit.method.LimitedMethods;
import larder.limit.method.RateLimitAdvisor;
import larder.limit.method.RateLimitInterceptor;
import larder.redis.Keyspace;
import larder.redis.RedisCalls;
import larder.redis.autoconfigure.LarderRedisAutoConfiguration;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Role;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * Rate limits: {@code @RateLimited} on methods of beans, beans of type {@link Limit}, and who asks.
 */
@AutoConfiguration(after = LarderRedisAutoConfiguration.class)
@ConditionalOnBean(RedisCalls.class)
@EnableConfigurationProperties(LimitProperties.class)
@Import({LimitWebConfiguration.class, LimitMetricsConfiguration.class})
public final class LarderLimitAutoConfiguration {

  @Bean
  LimitCatalog larderLimitCatalog(
      LimitProperties properties, ListableBeanFactory beans, Environment environment) {
    KnownLimitSettings.check(environment);
    LimitCatalog catalog = new LimitCatalog(properties.limits());
    beans
        .getBeansOfType(Limit.class)
        .forEach((name, limit) -> catalog.declare(limit, "the bean " + name));
    return catalog;
  }

  @Bean
  LimitCounts larderLimitCounts() {
    return new LimitCounts();
  }

  @Bean
  RateLimiter larderRateLimiter(
      LimitCatalog catalog,
      LimitCounts counts,
      RedisCalls calls,
      Keyspace keyspace,
      LimitProperties properties) {
    String secret = properties.limitsSecret();
    return new RateLimiter(
        catalog,
        counts,
        calls,
        keyspace,
        StringUtils.hasText(secret) ? secret : keyspace.prefix(),
        System::nanoTime);
  }

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static LimitedMethods larderLimitedMethods(
      ObjectProvider<LimitCatalog> catalog, ObjectProvider<CallerSource> callers) {
    return new LimitedMethods(catalog::getObject, callers::getIfAvailable);
  }

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static RateLimitAdvisor larderRateLimitAdvisor(
      LimitedMethods methods,
      ObjectProvider<RateLimiter> limiter,
      ObjectProvider<CallerSource> callers,
      ObjectProvider<DecisionListener> listeners,
      BeanFactory beans) {
    return new RateLimitAdvisor(
        new RateLimitInterceptor(
            methods,
            SingletonSupplier.of(limiter::getObject)::obtain,
            SingletonSupplier.ofNullable(callers::getIfAvailable),
            found(listeners),
            new BeanFactoryResolver(beans)),
        methods);
  }

  /** Finds them once, when they are first asked for. */
  private static Supplier<Stream<DecisionListener>> found(
      ObjectProvider<DecisionListener> listeners) {
    SingletonSupplier<List<DecisionListener>> all =
        SingletonSupplier.of(() -> listeners.orderedStream().toList());
    return () -> all.obtain().stream();
  }
}
