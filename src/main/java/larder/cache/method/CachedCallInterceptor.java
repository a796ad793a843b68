package larder.cache.method;

import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;
import larder.cache.CachedCall;
import larder.cache.CachedCallListener;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Times every call of a cached method, around Spring's cache advice, and tells the listeners. */
public final class CachedCallInterceptor implements MethodInterceptor {

  private static final Logger log = LoggerFactory.getLogger(CachedCallInterceptor.class);

  private final Supplier<Stream<CachedCallListener>> found;
  private volatile @Nullable List<CachedCallListener> listeners;

  /**
   * @param listeners gives the listeners; asked at the first call
   */
  public CachedCallInterceptor(Supplier<Stream<CachedCallListener>> listeners) {
    this.found = listeners;
  }

  @Override
  public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
    if (listeners().isEmpty()) {
      return invocation.proceed();
    }
    long began = System.nanoTime();
    CallScope scope = CallScope.begin();
    Object result = null;
    try {
      result = invocation.proceed();
      return result;
    } finally {
      scope.end();
      if (result instanceof CompletionStage<?> later) {
        var unused = later.whenComplete((value, e) -> tell(invocation.getMethod(), scope, began));
      } else {
        tell(invocation.getMethod(), scope, began);
      }
    }
  }

  private List<CachedCallListener> listeners() {
    List<CachedCallListener> known = listeners;
    if (known == null) {
      known = found.get().toList();
      listeners = known;
    }
    return known;
  }

  private void tell(Method method, CallScope scope, long began) {
    CachedCall call = new CachedCall(method, scope.source(), System.nanoTime() - began);
    for (CachedCallListener listener : listeners()) {
      try {
        listener.answered(call);
      } catch (RuntimeException e) {
        log.warn("A CachedCallListener threw after {}", method, e);
      }
    }
  }
}
