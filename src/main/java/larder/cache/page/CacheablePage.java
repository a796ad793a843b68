package larder.cache.page;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import larder.cache.CachePolicy;
import org.springframework.core.annotation.AliasFor;

/**
 * A method of a controller whose answer to a {@code GET} is the same for everybody who is not
 * signed in, and is kept whole.
 *
 * <p>A kept page ends with what it was made of: it depends on all that its making has read, itself
 * or by cached methods. What is not declared here has no part in it: it is made as for a request
 * that has no cookies, no session and no other headers or parameters than these.
 *
 * <p>It is never used for who is signed in, nor kept if it sets a cookie, uses a session or a CSRF
 * token, or has another status than 200. A declaration that cannot hold stops the start.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@CachePolicy
public @interface CacheablePage {

  /** The cache that keeps the page; {@code larder.caches.<name>.*} are its settings. */
  @AliasFor(annotation = CachePolicy.class, attribute = "caches")
  String cache() default "pages";

  /**
   * Time to live of the pages of this cache, such as {@code 5m}; all pages of one cache say the
   * same. Empty: the default.
   */
  @AliasFor(annotation = CachePolicy.class, attribute = "ttl")
  String ttl() default "";

  /**
   * The request parameters that make another page, each as {@code name} or {@code name:regex} with
   * the values for which a page is kept. A request with any other parameter, or with a value that
   * does not match, is answered past the cache.
   */
  String[] parameters() default {};

  /**
   * The request headers that make another page, such as {@code Accept-Language}; {@code Host}
   * stands for scheme, host and port, and is needed by pages that contain absolute addresses. Not
   * {@code Cookie} nor {@code Authorization}.
   */
  String[] vary() default {};

  /** The type of the page. A request that does not accept it is answered past the cache. */
  String produces() default "text/html";

  /**
   * How long browsers and caches on the way may use the page without asking again, such as {@code
   * 30s}: for so long it may be staler than the bound. Empty: they always ask.
   */
  String maxAge() default "";

  /** Response headers that are kept beside type and language, such as {@code Link}. */
  String[] headers() default {};
}
