package larder.locks.method;

import java.util.function.Supplier;
import larder.locks.ExclusiveUnavailable;
import larder.locks.Held;
import larder.locks.Locks;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;

/** Has an annotated method run only while its caller holds the lock. */
final class ExclusiveInterceptor implements MethodInterceptor {

  private static final Logger log = LoggerFactory.getLogger(ExclusiveInterceptor.class);

  private final ExclusiveMethods methods;
  private final Supplier<Locks> locks;
  private final ParameterNameDiscoverer names = new DefaultParameterNameDiscoverer();

  ExclusiveInterceptor(ExclusiveMethods methods, Supplier<Locks> locks) {
    this.methods = methods;
    this.locks = locks;
  }

  @Override
  public @Nullable Object invoke(MethodInvocation call) throws Throwable {
    Object target = call.getThis();
    ExclusiveOperation operation =
        methods.of(
            AopUtils.getMostSpecificMethod(
                call.getMethod(), target == null ? null : AopUtils.getTargetClass(target)));
    return operation == null ? call.proceed() : run(operation, call);
  }

  private @Nullable Object run(ExclusiveOperation operation, MethodInvocation call)
      throws Throwable {
    Held held;
    try {
      held = locks.get().acquire(operation.request(call.getArguments(), names));
    } catch (ExclusiveUnavailable unavailable) {
      log.debug("{} did not run", operation.method().getName(), unavailable);
      return operation.skipped(unavailable);
    }
    try (held) {
      ((ProxyMethodInvocation) call)
          .setArguments(operation.filled(call.getArguments(), held.token()));
      return call.proceed();
    }
  }
}
