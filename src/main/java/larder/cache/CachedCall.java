package larder.cache;

import java.lang.reflect.Method;

/**
 * One answered call of a method annotated with {@code @Cacheable}.
 *
 * @param method the annotated method
 * @param source where the answer came from
 * @param nanos how long the whole call took, in nanoseconds
 */
public record CachedCall(Method method, Source source, long nanos) {

  /** Where the answer of a call came from. */
  public enum Source {
    /** The cache in this process. */
    NEAR,
    /** Redis. */
    REMOTE,
    /** The method itself, and so the database. */
    LOADED
  }
}
