package larder.limit.method;

import java.lang.reflect.Method;
import org.aopalliance.aop.Advice;
import org.springframework.aop.support.StaticMethodMatcherPointcutAdvisor;
import org.springframework.core.Ordered;

/** Puts the advice on every method with rate limits: outside of caches and transactions. */
public final class RateLimitAdvisor extends StaticMethodMatcherPointcutAdvisor {

  private static final long serialVersionUID = 1L;
  private static final int ORDER = Ordered.LOWEST_PRECEDENCE - 1_000;

  private final transient LimitedMethods methods;

  /**
   * @param methods tells which methods have limits
   */
  public RateLimitAdvisor(Advice advice, LimitedMethods methods) {
    super(advice);
    this.methods = methods;
    setOrder(ORDER);
  }

  @Override
  public boolean matches(Method method, Class<?> targetClass) {
    return methods.isLimited(method, targetClass);
  }
}
