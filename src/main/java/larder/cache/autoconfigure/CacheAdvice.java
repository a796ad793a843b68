package larder.cache.autoconfigure;

import java.util.List;
import java.util.Optional;
import larder.cache.method.MethodCacheResolver;
import larder.cache.method.PlainCalls;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.interceptor.BeanFactoryCacheOperationSourceAdvisor;
import org.springframework.cache.interceptor.CacheInterceptor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.util.Assert;

/**
 * Fits Spring's cache advice to the layer: caches resolved by method, and the advice outside of
 * transactions, so that a write is committed before its entry is replaced.
 *
 * <p>An order that the application chose itself stays, but for the highest, which leaves no place
 * for the call; and so do the caches that a {@link CachingConfigurer} of its own chooses.
 */
final class CacheAdvice
    implements BeanPostProcessor, PriorityOrdered, BeanFactoryAware, SmartInitializingSingleton {

  /** Outside of transactions, whose order is the lowest unless set. */
  static final int ORDER = Ordered.LOWEST_PRECEDENCE - 100;

  private final MethodCacheResolver own;
  private final ChosenCaches caches;
  private @Nullable CacheInterceptor advice;
  private @Nullable ListableBeanFactory beans;

  CacheAdvice(MethodCacheResolver resolver) {
    own = resolver;
    caches = new ChosenCaches(resolver, this::configurers);
  }

  /** Before the proxies are made, which would take the advice as it is. */
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }

  @Override
  public void setBeanFactory(BeanFactory beanFactory) {
    beans = (ListableBeanFactory) beanFactory;
  }

  @Override
  public Object postProcessBeforeInitialization(Object bean, String name) {
    if (bean instanceof BeanFactoryCacheOperationSourceAdvisor advisor
        && advisor.getOrder() == Ordered.LOWEST_PRECEDENCE) {
      advisor.setOrder(ORDER);
    } else if (bean instanceof BeanFactoryCacheOperationSourceAdvisor advisor
        && advisor.getOrder() == Ordered.HIGHEST_PRECEDENCE) {
      advisor.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
    } else if (bean instanceof CacheInterceptor interceptor) {
      interceptor.setCacheResolver(caches);
      advice = interceptor;
    }
    return bean;
  }

  /** Says at the start what the application has chosen. */
  @Override
  public void afterSingletonsInstantiated() {
    caches.chosen();
  }

  /**
   * Returns the layer's resolver if Spring's advice is as it comes, with the layer's caches; empty
   * if the application has put something of its own in place of one of them.
   */
  Optional<MethodCacheResolver> unlessReplaced() {
    CacheInterceptor found = advice;
    return found != null
            && found.getClass() == CacheInterceptor.class
            && PlainCalls.areMadeBy(found.getKeyGenerator())
            && caches.chosen() == own
        ? Optional.of(own)
        : Optional.empty();
  }

  private List<CachingConfigurer> configurers() {
    Assert.state(beans != null, "No bean factory was set");
    return List.copyOf(beans.getBeansOfType(CachingConfigurer.class, true, false).values());
  }
}
