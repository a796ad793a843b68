package larder.cache.method;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.function.IntSupplier;
import org.aopalliance.aop.Advice;
import org.springframework.aop.support.StaticMethodMatcherPointcutAdvisor;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheOperationSource;

/** Puts an advice on every method with a cache annotation, at a place relative to Spring's. */
public final class CacheAroundAdvisor extends StaticMethodMatcherPointcutAdvisor {

  private static final long serialVersionUID = 1L;

  private final transient CacheOperationSource source;
  private final transient IntSupplier order;

  /**
   * @param source tells what a method's annotations say
   * @param order gives the place; asked when proxies are made
   */
  public CacheAroundAdvisor(Advice advice, CacheOperationSource source, IntSupplier order) {
    super(advice);
    this.source = source;
    this.order = order;
    setClassFilter(source::isCandidateClass);
  }

  @Override
  public int getOrder() {
    return order.getAsInt();
  }

  @Override
  public boolean matches(Method method, Class<?> targetClass) {
    Collection<CacheOperation> operations = source.getCacheOperations(method, targetClass);
    return operations != null && !operations.isEmpty();
  }
}
