package larder.cache.policy;

/**
 * One part of a cache's policy, and where it was said.
 *
 * @param name the part, as settings name it, such as {@code not-found-ttl}
 * @param value what holds
 * @param source what decided
 * @param where the setting or the annotated class or method, by name; empty if there is none
 */
public record PolicyPart(String name, Object value, Source source, String where) {

  /** Where a part of a policy is said; the first that says it wins. */
  public enum Source {
    /** Raised while the application runs. */
    RAISED,
    /** A setting of the cache's own. */
    SETTING,
    /** A {@code @CachePolicy}. */
    ANNOTATION,
    /** What holds for caches that nothing else is said of. */
    DEFAULT
  }
}
