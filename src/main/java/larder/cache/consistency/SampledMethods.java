package larder.cache.consistency;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.springframework.aop.support.AopUtils;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.cache.interceptor.CacheableOperation;
import org.springframework.core.MethodClassKey;

/**
 * The methods that may be run once more for the meter's sake: those that are only {@code
 * Cacheable}, answer in their caller's thread, and use no cache that is excluded. One that threw is
 * left alone for a while. Thread-safe.
 */
final class SampledMethods {

  private static final long REST_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final CacheOperationSource operations;
  private final Set<String> excluded;
  private final LongSupplier nanoClock;
  private final Map<MethodClassKey, Boolean> known = new ConcurrentHashMap<>();
  private final Map<MethodClassKey, Long> restingSince = new ConcurrentHashMap<>();

  /**
   * @param operations what the annotations say
   * @param excluded names of caches whose methods are never run
   */
  SampledMethods(CacheOperationSource operations, Set<String> excluded, LongSupplier nanoClock) {
    this.operations = operations;
    this.excluded = excluded;
    this.nanoClock = nanoClock;
  }

  boolean mayRun(Method method, Object target) {
    MethodClassKey key = key(method, target);
    return known.computeIfAbsent(key, unused -> isOne(method, AopUtils.getTargetClass(target)))
        && !isResting(key);
  }

  private boolean isResting(MethodClassKey key) {
    Long since = restingSince.get(key);
    return since != null && nanoClock.getAsLong() - since < REST_NANOS;
  }

  /** A method threw when it was run again. */
  void failed(Method method, Object target) {
    restingSince.put(key(method, target), nanoClock.getAsLong());
  }

  private static MethodClassKey key(Method method, Object target) {
    return new MethodClassKey(method, AopUtils.getTargetClass(target));
  }

  private boolean isOne(Method method, Class<?> target) {
    Collection<CacheOperation> found = operations.getCacheOperations(method, target);
    return found != null
        && found.stream().allMatch(CacheableOperation.class::isInstance)
        && found.stream().allMatch(one -> Collections.disjoint(one.getCacheNames(), excluded))
        && !CompletionStage.class.isAssignableFrom(method.getReturnType())
        && !method.getReturnType().getName().startsWith("reactor.");
  }
}
