package larder.cache.method;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.cache.interceptor.CacheableOperation;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.KotlinDetector;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.util.StringUtils;

/**
 * Tells which annotated methods are plain: one {@code @Cacheable} of one cache with no condition,
 * whose key is made by Spring's own generator of all arguments, or is one argument by name or
 * number ({@code key="#id"}, {@code "#p0"}, {@code "#a0"}), and which returns its value in the
 * caller's thread. What is said of the time after the method ({@code unless}, {@code sync}) has no
 * bearing on a hit.
 */
final class PlainOperations {

  private static final Pattern ARGUMENT = Pattern.compile("#([A-Za-z_$][A-Za-z0-9_$]*)");
  private static final Pattern NUMBERED = Pattern.compile("[pa](\\d{1,3})");

  private final CacheOperationSource source;
  private final ParameterNameDiscoverer names = new DefaultParameterNameDiscoverer();

  /**
   * @param source tells what all annotations of a method say
   */
  PlainOperations(CacheOperationSource source) {
    this.source = source;
  }

  /**
   * What is said of a plain method.
   *
   * @param operation its only annotation
   * @param argument the number of the argument that is the key; {@link #ALL} if all make it
   */
  record PlainOperation(CacheableOperation operation, int argument) {

    /** All arguments make the key, as Spring's {@code SimpleKeyGenerator} has it. */
    static final int ALL = -1;
  }

  /** Returns what is said of a method of a class; null if it is not plain. */
  @Nullable PlainOperation find(Method method, Class<?> owner) {
    CacheableOperation operation = returnsAtOnce(method) ? operation(method, owner) : null;
    OptionalInt key = operation == null ? OptionalInt.empty() : key(operation, method, owner);
    return operation == null || key.isEmpty()
        ? null
        : new PlainOperation(operation, key.getAsInt());
  }

  /**
   * Whether all that is said of a method is one {@code @Cacheable} of one cache, and it returns its
   * value in the caller's thread: a call that finds nothing loads next.
   */
  boolean looksUpOneKey(Method method, Class<?> owner) {
    return returnsAtOnce(method) && onlyLookup(method, owner) != null;
  }

  /** Returns the only thing that is said of a method, if that is plain; null if not. */
  private @Nullable CacheableOperation operation(Method method, Class<?> owner) {
    CacheableOperation only = onlyLookup(method, owner);
    return only != null && isPlain(only) ? only : null;
  }

  private @Nullable CacheableOperation onlyLookup(Method method, Class<?> owner) {
    Collection<CacheOperation> all = source.getCacheOperations(method, owner);
    return all != null
            && all.size() == 1
            && all.iterator().next() instanceof CacheableOperation one
            && one.getClass() == CacheableOperation.class
            && one.getCacheNames().size() == 1
        ? one
        : null;
  }

  private static boolean isPlain(CacheableOperation operation) {
    return !StringUtils.hasText(operation.getCondition())
        && !StringUtils.hasText(operation.getKeyGenerator())
        && !StringUtils.hasText(operation.getCacheManager())
        && !StringUtils.hasText(operation.getCacheResolver());
  }

  private static boolean returnsAtOnce(Method method) {
    return ReactiveAdapterRegistry.getSharedInstance().getAdapter(method.getReturnType()) == null
        && !method.isVarArgs()
        && !KotlinDetector.isKotlinType(method.getDeclaringClass());
  }

  /** Returns which argument is the key, or all; empty if it takes more to know the key. */
  private OptionalInt key(CacheableOperation operation, Method method, Class<?> owner) {
    if (!StringUtils.hasText(operation.getKey())) {
      return OptionalInt.of(PlainOperation.ALL);
    }
    Matcher argument = ARGUMENT.matcher(operation.getKey().strip());
    return argument.matches()
        ? argument(argument.group(1), AopUtils.getMostSpecificMethod(method, owner))
        : OptionalInt.empty();
  }

  private OptionalInt argument(String name, Method method) {
    String[] parameters = names.getParameterNames(method);
    OptionalInt named =
        parameters == null
            ? OptionalInt.empty()
            : IntStream.range(0, parameters.length)
                .filter(i -> name.equals(parameters[i]))
                .findFirst();
    Matcher numbered = NUMBERED.matcher(name);
    return named.isPresent() || !numbered.matches()
        ? named
        : IntStream.of(Integer.parseInt(numbered.group(1)))
            .filter(i -> i < method.getParameterCount())
            .findFirst();
  }
}
