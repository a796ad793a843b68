package larder.cache.autoconfigure;

import larder.cache.CachedCallListener;
import larder.cache.LarderProperties;
import larder.cache.manager.LarderCacheManager;
import larder.cache.method.AnnotatedMethods;
import larder.cache.method.CachedCallAdvisor;
import larder.cache.method.CachedCallInterceptor;
import larder.cache.method.MethodCacheResolver;
import larder.cache.method.StartupReview;
import larder.cache.policy.DeclaredPolicies;
import larder.cache.policy.PolicyCatalog;
import larder.cache.remote.RemoteStore;
import larder.cache.value.FieldMapper;
import larder.cache.value.ValueCodec;
import larder.cache.value.ValueTypes;
import org.redisson.api.RedissonClient;
import org.redisson.spring.starter.RedissonAutoConfigurationV4;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.AbstractCachingConfiguration;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.interceptor.BeanFactoryCacheOperationSourceAdvisor;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;
import tools.jackson.databind.json.JsonMapper;

/**
 * The layer for a Spring Boot application: caching enabled, and a cache manager on Redis.
 *
 * <p>Backs off where the application has a {@link CacheManager} of its own, and where {@code
 * spring.cache.type} names another kind than {@code redis}.
 */
@AutoConfiguration(before = CacheAutoConfiguration.class, after = RedissonAutoConfigurationV4.class)
@ConditionalOnBean(RedissonClient.class)
@ConditionalOnMissingBean(CacheManager.class)
@ConditionalOnProperty(name = "spring.cache.type", havingValue = "redis", matchIfMissing = true)
@EnableConfigurationProperties(LarderProperties.class)
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
public final class LarderCacheAutoConfiguration {

  private static final JsonMapper MAPPER = FieldMapper.create();

  /** Caching, unless the application enables it itself in a way of its own. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnMissingBean(AbstractCachingConfiguration.class)
  @EnableCaching
  static class Caching {}

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static DeclaredPolicies larderDeclaredPolicies() {
    return new DeclaredPolicies();
  }

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static ValueTypes larderValueTypes() {
    return new ValueTypes(MAPPER.getTypeFactory());
  }

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static AnnotatedMethods larderAnnotatedMethods(DeclaredPolicies policies, ValueTypes types) {
    return new AnnotatedMethods(policies, types);
  }

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static CacheAdvice larderCacheAdvice(
      ObjectProvider<LarderCacheManager> manager, ValueTypes types) {
    return new CacheAdvice(new MethodCacheResolver(manager::getObject, types));
  }

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static CachedCallAdvisor larderCachedCallAdvisor(
      ObjectProvider<CachedCallListener> listeners,
      CacheOperationSource source,
      ObjectProvider<BeanFactoryCacheOperationSourceAdvisor> cacheAdvisor) {
    return new CachedCallAdvisor(
        new CachedCallInterceptor(listeners::orderedStream),
        source,
        () -> cacheAdvisor.getObject().getOrder());
  }

  @Bean
  PolicyCatalog larderPolicyCatalog(LarderProperties properties, DeclaredPolicies declared) {
    return new PolicyCatalog(properties, declared);
  }

  @Bean(destroyMethod = "close")
  RemoteStore larderRemoteStore(
      RedissonClient redisson, LarderProperties properties, Environment environment) {
    LarderProperties.Remote remote = properties.remote();
    return new RemoteStore(
        redisson,
        LarderCacheManager.prefix(application(properties, environment)),
        remote.deadline(),
        remote.probeInterval(),
        remote.connectWait());
  }

  @Bean
  LarderCacheManager cacheManager(
      LarderProperties properties,
      Environment environment,
      PolicyCatalog policies,
      RemoteStore store,
      ValueTypes types,
      AnnotatedMethods methods) {
    return new LarderCacheManager(
        application(properties, environment),
        policies,
        store,
        new ValueCodec(MAPPER, (int) properties.remote().maxValueSize().toBytes()),
        types,
        methods::declaredTypes);
  }

  @Bean
  StartupReview larderStartupReview(
      AnnotatedMethods methods, PolicyCatalog policies, Environment environment) {
    KnownSettings.check(environment);
    return new StartupReview(methods, policies);
  }

  private static String application(LarderProperties properties, Environment environment) {
    String set = properties.application();
    String name =
        StringUtils.hasText(set) ? set : environment.getProperty("spring.application.name");
    return StringUtils.hasText(name) ? name : "application";
  }
}
