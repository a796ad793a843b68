package larder.cache.autoconfigure;

import larder.cache.CachedCallListener;
import larder.cache.bulk.BulkAnnotationParser;
import larder.cache.bulk.BulkCacheInterceptor;
import larder.cache.bulk.BulkMethods;
import larder.cache.load.Loads;
import larder.cache.manager.LarderCacheManager;
import larder.cache.method.AnnotatedMethods;
import larder.cache.method.CacheAroundAdvisor;
import larder.cache.method.CachedCallInterceptor;
import larder.cache.method.HitSampler;
import larder.cache.method.LoadInterceptor;
import larder.cache.method.MethodCacheResolver;
import larder.cache.method.MethodTracking;
import larder.cache.method.PlainCalls;
import larder.cache.method.UsageSampler;
import larder.cache.policy.DeclaredPolicies;
import larder.cache.transaction.CacheTransactions;
import larder.cache.value.FieldMapper;
import larder.cache.value.ValueTypes;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.cache.annotation.AnnotationCacheOperationSource;
import org.springframework.cache.interceptor.BeanFactoryCacheOperationSourceAdvisor;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.cache.interceptor.CompositeCacheOperationSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.util.function.SingletonSupplier;

/**
 * The advice on annotated methods: the call outermost, then Spring's cache advice or that of bulk
 * methods, then the load, then transactions.
 */
@Configuration(proxyBeanMethods = false)
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
class AdviceConfiguration {

  /** What bulk annotations say. */
  private static final CacheOperationSource BULK = BulkAnnotationParser.source();

  /** Returns what bulk annotations say, in addition to what another source knows. */
  static CacheOperationSource withBulk(CacheOperationSource others) {
    return new CompositeCacheOperationSource(others, BULK);
  }

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static DeclaredPolicies larderDeclaredPolicies() {
    return new DeclaredPolicies();
  }

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static ValueTypes larderValueTypes() {
    return new ValueTypes(FieldMapper.create().getTypeFactory());
  }

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static AnnotatedMethods larderAnnotatedMethods(DeclaredPolicies policies, ValueTypes types) {
    return new AnnotatedMethods(
        withBulk(new AnnotationCacheOperationSource(false)), policies, types);
  }

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static CacheAdvice larderCacheAdvice(
      ObjectProvider<LarderCacheManager> manager, ValueTypes types) {
    return new CacheAdvice(new MethodCacheResolver(manager::getObject, types));
  }

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static ObservedTransactions larderObservedTransactions(
      ObjectProvider<CacheTransactions> transactions) {
    return new ObservedTransactions(transactions::getObject);
  }

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static CacheAroundAdvisor larderCallAdvisor(
      ObjectProvider<CacheTransactions> transactions,
      ObjectProvider<CachedCallListener> listeners,
      ObjectProvider<HitSampler> sampler,
      ObjectProvider<UsageSampler> usage,
      CacheOperationSource source,
      CacheAdvice advice,
      ObjectProvider<BeanFactoryCacheOperationSourceAdvisor> cacheAdvisor) {
    return new CacheAroundAdvisor(
        new CachedCallInterceptor(
            new PlainCalls(withBulk(source), advice::unlessReplaced),
            SingletonSupplier.of(transactions::getObject)::obtain,
            listeners::orderedStream,
            () -> sampler.getIfUnique(() -> HitSampler.NONE),
            () -> usage.getIfUnique(() -> UsageSampler.NONE)),
        withBulk(source),
        () -> cacheAdvisor.getObject().getOrder() - 1);
  }

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static BulkMethods larderBulkMethods(
      ObjectProvider<LarderCacheManager> manager, ValueTypes types, AnnotatedMethods methods) {
    return new BulkMethods(SingletonSupplier.of(manager::getObject)::obtain, BULK, types, methods);
  }

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static CacheAroundAdvisor larderBulkAdvisor(
      BulkMethods methods,
      ObjectProvider<MethodTracking> tracking,
      ObjectProvider<BeanFactoryCacheOperationSourceAdvisor> cacheAdvisor) {
    return new CacheAroundAdvisor(
        new BulkCacheInterceptor(methods, SingletonSupplier.of(tracking::getObject)::obtain),
        BULK,
        () -> cacheAdvisor.getObject().getOrder());
  }

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static CacheAroundAdvisor larderLoadAdvisor(
      ObjectProvider<Loads> loads,
      ObjectProvider<MethodTracking> tracking,
      CacheOperationSource source,
      ObjectProvider<BeanFactoryCacheOperationSourceAdvisor> cacheAdvisor) {
    return new CacheAroundAdvisor(
        new LoadInterceptor(
            SingletonSupplier.of(loads::getObject)::obtain,
            SingletonSupplier.of(tracking::getObject)::obtain,
            source),
        source,
        () -> cacheAdvisor.getObject().getOrder() + 1);
  }
}
