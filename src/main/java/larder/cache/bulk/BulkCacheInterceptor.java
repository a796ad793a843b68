package larder.cache.bulk;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.function.Supplier;
import larder.cache.load.Call;
import larder.cache.load.Probe;
import larder.cache.load.Probe.NotServedException;
import larder.cache.method.MethodTracking;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.support.AopUtils;
import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.util.Assert;

/**
 * The call of a bulk method: answered by the caches as far as they can, and by a run of the method
 * for the ids that are missing.
 */
public final class BulkCacheInterceptor implements MethodInterceptor {

  private final BulkMethods methods;
  private final Supplier<MethodTracking> tracking;

  /**
   * @param tracking collects what the methods read
   */
  public BulkCacheInterceptor(BulkMethods methods, Supplier<MethodTracking> tracking) {
    this.methods = methods;
    this.tracking = tracking;
  }

  @Override
  public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
    Call call = Call.current();
    @Nullable Object[] arguments = invocation.getArguments();
    if (call == null || !(arguments[arguments.length - 1] instanceof Collection<?> ids)) {
      return invocation.proceed();
    }
    Probe probe = call.probe();
    if (probe != null) {
      return probed(probe, invocation);
    } else if (ids.isEmpty()) {
      return new LinkedHashMap<>();
    }
    Object target = invocation.getThis();
    Assert.state(target != null, "A bulk method has no target");
    BulkMethod method = methods.of(invocation.getMethod(), AopUtils.getTargetClass(target));
    BulkRun run =
        new BulkRun(
            (ProxyMethodInvocation) invocation,
            method,
            tracking.get(),
            call,
            () -> methods.mayRememberNotFound(method));
    return arguments.length == 1
        ? method.cache().getAll(ids, run)
        : method.cache().getAll(ids, id -> new SimpleKey(arguments[0], id), run);
  }

  private static @Nullable Object probed(Probe probe, MethodInvocation invocation)
      throws Throwable {
    if (!probe.isPast()) {
      throw new NotServedException();
    }
    return invocation.proceed();
  }
}
