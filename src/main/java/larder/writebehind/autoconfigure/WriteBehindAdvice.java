package larder.writebehind.autoconfigure;

import larder.writebehind.WriteBehind;
import larder.writebehind.WriteBehindInterceptor;
import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;

/** Puts the advice around annotated methods, outside of all other advice. */
final class WriteBehindAdvice extends AbstractBeanFactoryAwareAdvisingPostProcessor {

  private static final long serialVersionUID = 1L;

  WriteBehindAdvice(WriteBehindInterceptor interceptor) {
    advisor =
        new DefaultPointcutAdvisor(
            new AnnotationMatchingPointcut(null, WriteBehind.class, /* checkInherited= */ true),
            interceptor);
    setBeforeExistingAdvisors(true);
    setProxyTargetClass(true);
  }
}
