package larder.limit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How often a method may be called, by whom, over all nodes.
 *
 * <p>A call beyond the limit does not reach the method: it ends in a {@link
 * RateLimitExceededException}, in a web application answered by {@code 429}. Of several limits on
 * one method either each is taken from, or none. Settings {@code larder.limits.<name>.*} win over
 * what is said here; what cannot hold stops the application at startup, with the method's name.
 *
 * <p>It works through a proxy: on methods of beans that are not private or final, for calls from
 * outside of the class.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Repeatable(RateLimits.class)
public @interface RateLimited {

  /**
   * Name of the limit in settings, figures and response fields: letters, digits, dots, hyphens and
   * underscores, at most 100. Empty: {@code Class.method}. Methods that name one limit share it,
   * and have to say the same of it.
   */
  String name() default "";

  /** Calls allowed in a window, at least 1; at most 10,000 for a sliding window. */
  int limit();

  /** Length of the window, such as {@code 30s}, {@code 15m} or {@code PT1H}; at least 1 ms. */
  String window();

  /** How it counts. */
  Algorithm algorithm() default Algorithm.SLIDING_WINDOW;

  /**
   * Calls that a rested {@link Algorithm#TOKEN_BUCKET} allows at once, from 1 to the limit. 0: the
   * limit. Excludes the other algorithms.
   */
  int burst() default 0;

  /** Whose calls are counted together. */
  By by() default By.USER;

  /**
   * SpEL that gives the subject, whose text counts; for {@link By#KEY}, and only there. Parameters
   * have their names, and {@code #p0}; {@code @name} is a bean. All calls with null share one
   * subject.
   */
  String key() default "";

  /** SpEL that tells whether a call counts; such a call is otherwise not limited. Empty: always. */
  String condition() default "";

  /** What decides while Redis does not answer. */
  WhenAway whenAway() default WhenAway.LOCAL;

  /** Whose calls are counted together. */
  enum By {
    /**
     * The signed-in user; who is not signed in, by address. Calls outside of a request are not
     * limited.
     */
    USER,
    /**
     * The address that the request came from, IPv6 by its first 64 bits. Calls outside of a request
     * are not limited.
     */
    IP,
    /** What {@link RateLimited#key} gives. */
    KEY
  }
}
