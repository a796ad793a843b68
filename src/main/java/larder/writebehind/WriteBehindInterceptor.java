package larder.writebehind;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;

/** Appends what an annotated method is called with, unless its sink calls it. Thread-safe. */
public final class WriteBehindInterceptor implements MethodInterceptor {

  private static final ThreadLocal<@Nullable Method> RUNNING = new ThreadLocal<>();

  private final Supplier<WriteBehindBuffers> buffers;

  /**
   * @param buffers asked for at the first call
   */
  public WriteBehindInterceptor(Supplier<WriteBehindBuffers> buffers) {
    this.buffers = buffers;
  }

  @Override
  public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
    Object target = invocation.getThis();
    Method method =
        target == null
            ? invocation.getMethod()
            : AopUtils.getMostSpecificMethod(
                invocation.getMethod(), AopUtils.getTargetClass(target));
    if (method.equals(RUNNING.get())) {
      RUNNING.remove();
      return invocation.proceed();
    }
    List<?> elements = (List<?>) Objects.requireNonNull(invocation.getArguments()[0]);
    var unused = buffers.get().append(method, elements);
    return null;
  }

  /** Has a call of the method, made by this task in this thread, run the method. */
  public void passing(Method method, Runnable call) {
    Method before = RUNNING.get();
    RUNNING.set(method);
    try {
      call.run();
    } finally {
      RUNNING.set(before);
    }
  }
}
