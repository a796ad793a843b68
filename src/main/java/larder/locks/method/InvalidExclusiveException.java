package larder.locks.method;

import java.lang.reflect.Method;

/** An {@link larder.locks.Exclusive} cannot hold; the message names the method. */
public final class InvalidExclusiveException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  InvalidExclusiveException(Method method, String problem) {
    super(
        "@Exclusive on %s.%s %s"
            .formatted(method.getDeclaringClass().getName(), method.getName(), problem));
  }
}
