package larder.cache.method;

import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import larder.cache.load.Call;
import larder.cache.load.Loads;
import larder.cache.load.Probe;
import larder.cache.load.Probe.NotServedException;
import larder.cache.tracking.Reads;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.cache.interceptor.CachePutOperation;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.ObjectUtils;

/**
 * The run of a method whose lookups found nothing, inside of Spring's cache advice: one for each
 * key, whoever else asks for it meanwhile.
 */
public final class LoadInterceptor implements MethodInterceptor {

  private final Supplier<Loads> loads;
  private final Supplier<MethodTracking> tracking;
  private final CacheOperationSource source;

  /**
   * @param loads brings missing values
   * @param tracking collects what the methods read
   * @param source tells what a method's annotations say
   */
  public LoadInterceptor(
      Supplier<Loads> loads, Supplier<MethodTracking> tracking, CacheOperationSource source) {
    this.loads = loads;
    this.tracking = tracking;
    this.source = source;
  }

  @Override
  public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
    Call call = Call.current();
    if (call == null) {
      return invocation.proceed();
    }
    Probe probe = call.probe();
    if (probe != null) {
      return probed(probe, invocation);
    }
    Class<?> declared = invocation.getMethod().getReturnType();
    if (declared == CompletableFuture.class) {
      return loadLater(call, invocation);
    } else if (!call.hasMissed() || declared.getName().startsWith("reactor.")) {
      return tracked(call, invocation);
    }
    AtomicBoolean wrapped = new AtomicBoolean(declared == Optional.class);
    Loads.Method method =
        () -> {
          Object answer = tracked(call, invocation);
          wrapped.compareAndSet(false, answer instanceof Optional);
          return ObjectUtils.unwrapOptional(answer);
        };
    Object value =
        runsForEachCaller(invocation)
            ? loads.get().loadAlone(call, method)
            : loads.get().load(call, method);
    return wrapped.get() ? Optional.ofNullable(value) : value;
  }

  private static @Nullable Object probed(Probe probe, MethodInvocation invocation)
      throws Throwable {
    if (!probe.isPast()) {
      throw new NotServedException();
    }
    return invocation.proceed();
  }

  /** Runs the method and has the call know what it read, also if it throws. */
  private @Nullable Object tracked(Call call, MethodInvocation invocation) throws Throwable {
    MethodTracking methods = tracking.get();
    Reads reads = methods.begin(invocation);
    if (reads == null) {
      return untracked(call, invocation);
    }
    call.reading(reads);
    Reads.Span span = reads.resume();
    try {
      return invocation.proceed();
    } finally {
      span.close();
      methods.conclude(invocation, call, reads);
      if (reads.isPrivate()) {
        Call.keepPrivate();
      }
    }
  }

  /**
   * Runs a method whose value depends on its key and its time alone. What is made of that value,
   * and ends no later, depends on no more than if a cache had served it: not on what plain
   * statements have read for it. It does if the caches do not keep the value, if the method throws,
   * or if something is bound to the thread that may remember what was read, such as a persistence
   * context or a transaction.
   */
  private static @Nullable Object untracked(Call call, MethodInvocation invocation)
      throws Throwable {
    Reads.Apart apart = call.isPartThatIsKept() && isUnbound() ? Reads.apart() : null;
    if (apart == null) {
      return invocation.proceed();
    }
    try {
      Object answer = invocation.proceed();
      apart.keep();
      return answer;
    } finally {
      apart.close();
    }
  }

  private static boolean isUnbound() {
    return !TransactionSynchronizationManager.isSynchronizationActive()
        && TransactionSynchronizationManager.getResourceMap().isEmpty();
  }

  /** Spring runs a method that also puts even if its value is found. */
  private boolean runsForEachCaller(MethodInvocation invocation) {
    Object target = invocation.getThis();
    Collection<CacheOperation> operations =
        source.getCacheOperations(
            invocation.getMethod(), target == null ? null : AopUtils.getTargetClass(target));
    return operations != null && operations.stream().anyMatch(CachePutOperation.class::isInstance);
  }

  /** The rest of Spring's advice runs when the value is there, as part of the same call. */
  private @Nullable Object loadLater(Call call, MethodInvocation invocation) throws Throwable {
    Loads.Later later = call.hasMissed() ? loads.get().begin(call) : null;
    MethodTracking methods = tracking.get();
    Reads reads = methods.begin(invocation);
    Object answer = proceed(invocation, methods, reads);
    if (later != null) {
      later.returned();
    }
    if (!(answer instanceof CompletionStage<?> stage)) {
      return null;
    }
    CompletableFuture<Object> result = new CompletableFuture<>();
    var unused =
        stage.whenComplete(
            (value, failure) ->
                call.resume(
                    () -> {
                      if (reads != null) {
                        methods.conclude(invocation, call, reads);
                      }
                      if (failure != null) {
                        call.handUp();
                        result.completeExceptionally(failure);
                      } else {
                        if (later != null) {
                          later.arrived(value);
                        }
                        result.complete(value);
                      }
                    }));
    return result;
  }

  /** Runs a method whose answer may come from another thread, which may take its reads along. */
  private static @Nullable Object proceed(
      MethodInvocation invocation, MethodTracking methods, @Nullable Reads reads) throws Throwable {
    if (reads == null) {
      return invocation.proceed();
    }
    Reads.Span span = reads.resume();
    try {
      Object answer = invocation.proceed();
      if (answer instanceof CompletableFuture<?> later && !later.isDone()) {
        methods.leavesThread(reads);
      }
      return answer;
    } finally {
      span.close();
      if (reads.isPrivate()) {
        Call.keepPrivate();
      }
    }
  }
}
