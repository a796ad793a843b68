package larder.cache.method;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import larder.cache.method.PlainOperations.PlainOperation;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.SpringProxy;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.cache.interceptor.SimpleKeyGenerator;

/**
 * Finds which calls of annotated methods can be answered from this process without Spring's advice,
 * which looks up and puts together for each call what is the same for all: those of {@linkplain
 * PlainOperations plain methods}. Everything else goes through Spring's advice, as does every call
 * that finds nothing here.
 *
 * <p>Found once for each method and class of targets. Thread-safe.
 */
public final class PlainCalls {

  private final PlainOperations operations;
  private final Supplier<Optional<MethodCacheResolver>> resolver;
  private final Map<Method, List<PlainCall>> known = new ConcurrentHashMap<>();

  /**
   * @param source tells what all annotations of a method say
   * @param resolver gives the caches; empty if the application has chosen other caches, keys or
   *     advice than the layer's, so that no call is plain; asked at the first call of each method
   */
  public PlainCalls(CacheOperationSource source, Supplier<Optional<MethodCacheResolver>> resolver) {
    this.operations = new PlainOperations(source);
    this.resolver = resolver;
  }

  /** Whether keys are made by what an annotation without a key means here. */
  public static boolean areMadeBy(Object generator) {
    return generator.getClass() == SimpleKeyGenerator.class;
  }

  /** Returns the plain call of an invocation; one without a cache if it is none. */
  PlainCall of(MethodInvocation invocation) {
    Object target = invocation.getThis();
    Class<?> type = target == null ? Object.class : target.getClass();
    List<PlainCall> calls = known.get(invocation.getMethod());
    for (int i = 0; calls != null && i < calls.size(); i++) {
      if (calls.get(i).target() == type) {
        return calls.get(i);
      }
    }
    return find(invocation.getMethod(), target, type);
  }

  /** What is behind a proxy in place of a target depends on the object, not on its class. */
  private PlainCall find(Method method, @Nullable Object target, Class<?> type) {
    PlainCall found =
        target == null || target instanceof SpringProxy
            ? PlainCall.none(type, /* loadsNext= */ false)
            : plain(method, type, AopProxyUtils.ultimateTargetClass(target));
    known.merge(method, List.of(found), PlainCalls::joined);
    return found;
  }

  private PlainCall plain(Method method, Class<?> type, Class<?> owner) {
    PlainOperation plain = operations.find(method, owner);
    boolean loadsNext = operations.looksUpOneKey(method, owner);
    MethodCacheResolver caches = loadsNext ? resolver.get().orElse(null) : null;
    return plain == null || caches == null
        ? PlainCall.none(type, caches != null)
        : new PlainCall(
            type,
            caches.view(method, owner, plain.operation()),
            plain.argument(),
            method.getReturnType() == Optional.class,
            loadsNext,
            /* looksFirst= */ !plain.operation().isSync());
  }

  private static List<PlainCall> joined(List<PlainCall> some, List<PlainCall> more) {
    List<PlainCall> all = new ArrayList<>(some);
    all.addAll(more);
    return List.copyOf(all);
  }
}
