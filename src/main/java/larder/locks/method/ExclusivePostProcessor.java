package larder.locks.method;

import java.util.function.Supplier;
import larder.locks.Exclusive;
import larder.locks.Locks;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.core.Ordered;

/**
 * Puts the lock before all other advice on annotated methods, so that it is held until their
 * transactions have ended, and refuses annotations that cannot hold.
 */
public final class ExclusivePostProcessor extends AbstractBeanFactoryAwareAdvisingPostProcessor {

  private static final long serialVersionUID = 1L;

  private final transient ExclusiveMethods methods;
  private final transient Supplier<Locks> locks;

  public ExclusivePostProcessor(ExclusiveMethods methods, Supplier<Locks> locks) {
    this.methods = methods;
    this.locks = locks;
    this.advisor =
        new DefaultPointcutAdvisor(
            new AnnotationMatchingPointcut(null, Exclusive.class, /* checkInherited= */ true),
            new ExclusiveInterceptor(methods, locks));
    setBeforeExistingAdvisors(true);
    setProxyTargetClass(true);
    // After the proxies of transactions are made, before what calls methods on a schedule.
    setOrder(Ordered.LOWEST_PRECEDENCE - 10);
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String name) {
    Class<?> type = AopProxyUtils.ultimateTargetClass(bean);
    if (!methods.add(type)) {
      return bean;
    }
    Object proxy = super.postProcessAfterInitialization(bean, name);
    Locks known = locks.get();
    methods.names(type).forEach(known::figures);
    return proxy;
  }
}
