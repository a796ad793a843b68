package larder.locks.method;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import larder.locks.Exclusive;
import larder.locks.Exclusive.Otherwise;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.expression.Expression;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.standard.SpelExpressionParser;

/**
 * The annotated methods that were found so far. Thread-safe.
 *
 * <p>A method is known from the moment its class is {@link #add added}, which is before it can be
 * called.
 */
public final class ExclusiveMethods {

  /** Of so many deadlines a lease consists at least. */
  private static final int DEADLINES = 10;

  private final Map<Method, ExclusiveOperation> operations = new ConcurrentHashMap<>();
  private final Map<String, ExclusiveOperation> byName = new ConcurrentHashMap<>();
  private final SpelExpressionParser expressions = new SpelExpressionParser();
  private final Duration defaultLease;
  private final Duration deadline;

  /**
   * @param defaultLease the lease where an annotation says none
   * @param deadline longest wait for an answer of Redis
   */
  public ExclusiveMethods(Duration defaultLease, Duration deadline) {
    this.defaultLease = defaultLease;
    this.deadline = deadline;
  }

  /**
   * Takes note of the annotated methods of a class, and returns whether it has any.
   *
   * @throws InvalidExclusiveException if an annotation cannot hold
   */
  boolean add(Class<?> type) {
    if (!AnnotationUtils.isCandidateClass(type, Exclusive.class)) {
      return false;
    }
    Map<Method, Exclusive> found =
        MethodIntrospector.selectMethods(
            type,
            (MethodIntrospector.MetadataLookup<Exclusive>)
                method -> AnnotatedElementUtils.findMergedAnnotation(method, Exclusive.class));
    found.forEach((method, exclusive) -> add(type, method, exclusive));
    return !found.isEmpty();
  }

  private void add(Class<?> type, Method method, Exclusive exclusive) {
    checkProxyable(type, method);
    ExclusiveOperation operation = parsed(method, exclusive);
    checkResult(operation);
    ExclusiveOperation other = byName.putIfAbsent(operation.name(), operation);
    if (other != null && !other.method().equals(method)) {
      checkTogether(operation, other, exclusive.name().isEmpty());
    }
    operations.put(method, operation);
  }

  private static void checkProxyable(Class<?> type, Method method) {
    int modifiers = method.getModifiers();
    String problem =
        Modifier.isPrivate(modifiers)
            ? "is private"
            : Modifier.isStatic(modifiers)
                ? "is static"
                : Modifier.isFinal(modifiers)
                    ? "is final"
                    : Modifier.isFinal(type.getModifiers()) ? "is in a final class" : "";
    if (!problem.isEmpty()) {
      throw new InvalidExclusiveException(
          method,
          "has no effect: the method %s, so no proxy can stand before it".formatted(problem));
    }
  }

  private ExclusiveOperation parsed(Method method, Exclusive exclusive) {
    String name =
        exclusive.name().isEmpty()
            ? method.getDeclaringClass().getSimpleName() + "." + method.getName()
            : exclusive.name();
    Duration patience = duration(method, "patience", exclusive.patience());
    Duration lease =
        exclusive.lease().isEmpty() ? defaultLease : duration(method, "lease", exclusive.lease());
    Duration atLeast = duration(method, "atLeast", exclusive.atLeast());
    checkPositive(method, "patience", patience);
    checkPositive(method, "atLeast", atLeast);
    if (lease.compareTo(deadline.multipliedBy(DEADLINES)) < 0) {
      throw new InvalidExclusiveException(
          method,
          "must have a lease of at least ten times larder.remote.deadline (%d ms), was: %d ms"
              .formatted(deadline.toMillis(), lease.toMillis()));
    }
    return new ExclusiveOperation(
        method,
        name,
        key(method, exclusive.key()),
        patience,
        lease,
        atLeast,
        exclusive.renewed(),
        exclusive.otherwise());
  }

  private static void checkPositive(Method method, String attribute, Duration value) {
    if (value.isNegative()) {
      throw new InvalidExclusiveException(
          method,
          "must have a %s of zero or more, was: -%d ms"
              .formatted(attribute, value.negated().toMillis()));
    }
  }

  private @Nullable Expression key(Method method, String key) {
    try {
      return key.isEmpty() ? null : expressions.parseExpression(key);
    } catch (ParseException e) {
      throw new InvalidExclusiveException(
          method, "has a key that is no expression (%s): %s".formatted(e.getMessage(), key));
    }
  }

  private static Duration duration(Method method, String attribute, String text) {
    try {
      return DurationStyle.detectAndParse(text);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new InvalidExclusiveException(
          method, "must have a %s such as 500ms, 30s or 5m, was: %s".formatted(attribute, text));
    }
  }

  private static void checkResult(ExclusiveOperation operation) {
    Class<?> result = operation.method().getReturnType();
    if (CompletionStage.class.isAssignableFrom(result) || Future.class.isAssignableFrom(result)) {
      throw new InvalidExclusiveException(
          operation.method(),
          "would give its lock back before the work is done: the method returns a "
              + result.getSimpleName());
    }
    if (operation.otherwise() == Otherwise.SKIP
        && result != void.class
        && result != Optional.class) {
      throw new InvalidExclusiveException(
          operation.method(),
          "cannot skip a call that returns %s: return nothing or an Optional, or set otherwise = THROW"
              .formatted(result.getSimpleName()));
    }
  }

  private static void checkTogether(
      ExclusiveOperation operation, ExclusiveOperation other, boolean unnamed) {
    String place = other.method().getDeclaringClass().getName() + "." + other.method().getName();
    if (unnamed) {
      throw new InvalidExclusiveException(
          operation.method(),
          "needs a name: %s is the name of the lock of %s".formatted(operation.name(), place));
    }
    if (!operation.lease().equals(other.lease())) {
      throw new InvalidExclusiveException(
          operation.method(),
          "must have the lease of %s, which has the same name %s: %s, was: %s"
              .formatted(place, operation.name(), other.lease(), operation.lease()));
    }
  }

  /** Returns what is asked for a method; null if nothing. */
  @Nullable ExclusiveOperation of(Method method) {
    return operations.get(method);
  }

  /** Returns the names of all locks of the methods of a class. */
  List<String> names(Class<?> type) {
    return operations.values().stream()
        .filter(operation -> operation.method().getDeclaringClass().isAssignableFrom(type))
        .map(ExclusiveOperation::name)
        .toList();
  }
}
