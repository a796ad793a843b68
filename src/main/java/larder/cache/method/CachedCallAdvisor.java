package larder.cache.method;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.function.IntSupplier;
import org.springframework.aop.support.StaticMethodMatcherPointcutAdvisor;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.cache.interceptor.CacheableOperation;

/** Puts {@link CachedCallInterceptor} around every method annotated with {@code @Cacheable}. */
public final class CachedCallAdvisor extends StaticMethodMatcherPointcutAdvisor {

  private static final long serialVersionUID = 1L;

  private final transient CacheOperationSource source;
  private final transient IntSupplier cacheOrder;

  /**
   * @param source tells what a method's annotations say
   * @param cacheOrder gives the order of Spring's cache advice
   */
  public CachedCallAdvisor(
      CachedCallInterceptor interceptor, CacheOperationSource source, IntSupplier cacheOrder) {
    super(interceptor);
    this.source = source;
    this.cacheOrder = cacheOrder;
    setClassFilter(source::isCandidateClass);
  }

  /** Just outside of Spring's cache advice. */
  @Override
  public int getOrder() {
    return cacheOrder.getAsInt() - 1;
  }

  @Override
  public boolean matches(Method method, Class<?> targetClass) {
    Collection<CacheOperation> operations = source.getCacheOperations(method, targetClass);
    return operations != null && operations.stream().anyMatch(CacheableOperation.class::isInstance);
  }
}
