package larder.locks.method;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Optional;
import larder.locks.Exclusive.Otherwise;
import larder.locks.ExclusiveUnavailable;
import larder.locks.FencingToken;
import larder.locks.LockRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.context.expression.MethodBasedEvaluationContext;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.expression.Expression;

/**
 * What an annotation asks for, checked.
 *
 * @param method the annotated method
 * @param name the name of the lock
 * @param key of what the lock is; null if it is one for all calls
 * @param patience how long a call waits
 * @param lease how long the lock outlives a dead owner
 * @param atLeast how long it stays taken at least
 * @param renewed whether the lease is prolonged
 * @param otherwise what becomes of a call that cannot have it
 */
record ExclusiveOperation(
    Method method,
    String name,
    @Nullable Expression key,
    Duration patience,
    Duration lease,
    Duration atLeast,
    boolean renewed,
    Otherwise otherwise) {

  /** Returns what a call with these arguments asks for. */
  LockRequest request(@Nullable Object[] arguments, ParameterNameDiscoverer names) {
    return new LockRequest(name, keyOf(arguments, names), patience, lease, atLeast, renewed);
  }

  private String keyOf(@Nullable Object[] arguments, ParameterNameDiscoverer names) {
    if (key == null) {
      return "";
    }
    Object value =
        key.getValue(new MethodBasedEvaluationContext("", method, arguments, names), Object.class);
    if (value == null || value.toString().isEmpty()) {
      throw new IllegalArgumentException(
          "Lock '%s': the key %s has no value".formatted(name, key.getExpressionString()));
    }
    return value.toString();
  }

  /** Returns the arguments with the number where the caller left room for it. */
  @Nullable Object[] filled(@Nullable Object[] arguments, FencingToken token) {
    Class<?>[] types = method.getParameterTypes();
    @Nullable Object[] filled = arguments.clone();
    for (int i = 0; i < types.length; i++) {
      if (types[i] == FencingToken.class && filled[i] == null) {
        filled[i] = token;
      }
    }
    return filled;
  }

  /** Returns what a call returns that has not run, or throws. */
  @Nullable Object skipped(ExclusiveUnavailable unavailable) {
    if (otherwise == Otherwise.THROW) {
      throw unavailable;
    }
    return method.getReturnType() == Optional.class ? Optional.empty() : null;
  }
}
