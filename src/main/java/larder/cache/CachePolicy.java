package larder.cache;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;

/**
 * How long the entries of a cache live and how they are kept, written beside the annotated service.
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

  /**
   * Longest life of an entry whose time to live begins anew with each read, at least the time to
   * live. Empty: the default. {@code 0s}: reads do not prolong a life.
   */
  String maxLife() default "";

  /**
   * How eagerly an entry is loaded again before it expires: a factor of the time that its load
   * took, by which some single call, chosen at random, is early; 0 to 100, 0 never. Negative: the
   * default. Excludes {@link #maxLife}.
   */
  double earlyRefresh() default -1;

  /**
   * How long after its expiry a value may still be served when its load fails for the database's
   * sake; {@code 0s} never. Never holds for values known to be invalidated. Empty: the default.
   */
  String staleOnError() default "";

  /**
   * Whether its values depend on what their methods read in the database, so that any change of it
   * invalidates them. Without it only the annotations and the time to live do.
   */
  Tracking tracking() default Tracking.DEFAULT;

  /**
   * Whether its values are secrets or personal, so that the endpoint and the pages for those who
   * look after caches do not show them. False: the default.
   */
  boolean sensitive() default false;

  /**
   * Whether the entries of keys of two parts, those of methods with two arguments, are fields of
   * one Redis hash for each first part, instead of one key each. Excludes {@link #maxLife}. False:
   * the default.
   */
  boolean fields() default false;

  /**
   * How values are written in Redis; one at most. Entries written otherwise are read all the same.
   * Empty: the default.
   */
  Encoding[] encoding() default {};

  /**
   * Size above which an encoded value is compressed in Redis if that saves enough, such as {@code
   * 512B} or {@code 4KB}; {@code 0B} compresses none. Empty: the default.
   */
  String compressAbove() default "";

  /** Whether a cache's reads are tracked. */
  enum Tracking {
    /** As {@code larder.defaults.tracking} says. */
    DEFAULT(null),
    /** Tracked. */
    ON(true),
    /** Not tracked. */
    OFF(false);

    private final @Nullable Boolean chosen;

    Tracking(@Nullable Boolean chosen) {
      this.chosen = chosen;
    }

    /** Returns what is chosen; null for the default. */
    public @Nullable Boolean chosen() {
      return chosen;
    }
  }
}
