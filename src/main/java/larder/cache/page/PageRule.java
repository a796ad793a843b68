package larder.cache.page;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;

/**
 * What is declared of the page that one method makes.
 *
 * @param method the annotated method
 * @param type the class of its controller
 * @param cache the name of the cache
 * @param parameters the parameters that make another page, by name in alphabetical order, with the
 *     values for which one is kept; null for all
 * @param vary the request headers that make another page, in lower case and alphabetical order,
 *     without {@code host}
 * @param byHost whether scheme, host and port make another page
 * @param produces the type of the page
 * @param cacheControl what browsers are told
 * @param headers the response headers that are kept
 */
record PageRule(
    Method method,
    Class<?> type,
    String cache,
    Map<String, @Nullable Pattern> parameters,
    List<String> vary,
    boolean byHost,
    MediaType produces,
    CacheControl cacheControl,
    List<String> headers) {

  /** Returns the method as a developer names it. */
  String name() {
    return method.getDeclaringClass().getSimpleName() + "." + method.getName();
  }
}
