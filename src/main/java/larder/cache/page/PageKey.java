package larder.cache.page;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.StringJoiner;

/**
 * The keys of pages: all of a request that has a part in what the page is.
 *
 * <p>Form: {@code version type contextPath path ?query name=value scheme://host:port}, parts that
 * are not declared left out, everything in it escaped as in a query.
 */
final class PageKey {

  private PageKey() {}

  /**
   * Returns the key of the page that a request asks for.
   *
   * @param version the version of the program
   */
  static String of(HttpServletRequest request, PageRule rule, String version) {
    String path = request.getRequestURI().substring(request.getContextPath().length());
    StringJoiner key = new StringJoiner(" ");
    key.add(version).add(rule.produces().toString());
    key.add(request.getContextPath()).add(path).add("?" + query(request, rule));
    for (String header : rule.vary()) {
      for (String value : Collections.list(request.getHeaders(header))) {
        key.add(header + "=" + escaped(value));
      }
    }
    if (rule.byHost()) {
      key.add(request.getScheme() + "://" + escaped(request.getServerName()));
      key.add(Integer.toString(request.getServerPort()));
    }
    return key.toString();
  }

  /** Returns the declared parameters in the one form that stands for all in which they came. */
  static String query(HttpServletRequest request, PageRule rule) {
    StringJoiner query = new StringJoiner("&");
    for (String name : rule.parameters().keySet()) {
      String[] values = request.getParameterValues(name);
      for (String value : values == null ? new String[0] : values) {
        query.add(escaped(name) + "=" + escaped(value));
      }
    }
    return query.toString();
  }

  private static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
