package larder.cache;

import java.lang.reflect.Method;

/**
 * One answered call of a method annotated with {@code @Cacheable}, or those parts of the answer of
 * a bulk method that came from one place.
 *
 * @param method the annotated method
 * @param source where the answer came from
 * @param nanos how long the whole call took, in nanoseconds; 0 for parts that came from a faster
 *     place than others of the same call
 * @param parts of how many values the answer is told, 1 for a single one
 */
public record CachedCall(Method method, Source source, long nanos, int parts) {

  /** A call with one answer. */
  public CachedCall(Method method, Source source, long nanos) {
    this(method, source, nanos, 1);
  }

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
