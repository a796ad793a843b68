package larder.cache;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How long the entries of a cache live and under which version they are kept, written beside the
 * annotated service.
 *
 * <p>A setting {@code larder.caches.<name>.*} wins over this annotation, and this annotation wins
 * over {@code larder.defaults.*}. An attribute that is left out falls through to the defaults. Two
 * annotations that say different things of one cache stop the application at startup.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Repeatable(CachePolicies.class)
public @interface CachePolicy {

  /**
   * Names of the caches meant. Empty: every cache that the cache annotations on the same method or
   * class name.
   */
  String[] caches() default {};

  /**
   * Time to live of an entry, such as {@code 90s}, {@code 5m} or {@code PT1H}; positive. Empty: the
   * default.
   */
  String ttl() default "";

  /**
   * Time to live of a "not found" answer ({@code null} or an empty {@code Optional}); {@code 0s}
   * keeps none. Empty: the default.
   */
  String notFoundTtl() default "";

  /**
   * Share of the time to live by which it is shortened at random, so that entries made together do
   * not expire together; from 0 to 0.9. Negative: the default.
   */
  double jitter() default -1;

  /**
   * Version in the key prefix, at least 1. Raising it abandons the entries of the old version
   * without touching them. 0: the default.
   */
  int version() default 0;
}
