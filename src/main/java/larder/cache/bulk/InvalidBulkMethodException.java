package larder.cache.bulk;

import java.lang.reflect.Method;

/** A method whose {@code @BulkCacheable} cannot hold. */
public final class InvalidBulkMethodException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String remedy;

  InvalidBulkMethodException(Method method, String rule, String remedy) {
    super(
        "%s.%s is @BulkCacheable and %s"
            .formatted(method.getDeclaringClass().getSimpleName(), method.getName(), rule));
    this.remedy = remedy;
  }

  /** Returns what to change. */
  public String remedy() {
    return remedy;
  }
}
