package larder.cache.page;

import jakarta.servlet.FilterChain;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import larder.cache.load.Call;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerMapping;

/**
 * The making of one page for one request: by the rest of the filters and the controller, who see a
 * {@link GuestRequest}. What comes of it is a page to keep, or an answer to the one who asked.
 */
final class Rendering {

  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final FilterChain chain;
  private final PageRule rule;
  private final PageProperties settings;
  private final Asked asked = new Asked();
  private final @Nullable String sessionBefore;
  private final int cookiesBefore;
  private final PageResponse buffer;
  private boolean begun;

  /**
   * @param chain what makes the page
   * @param begins called when somebody begins to write the page
   */
  Rendering(
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain,
      PageRule rule,
      PageProperties settings,
      Runnable begins) {
    this.request = request;
    this.response = response;
    this.chain = chain;
    this.rule = rule;
    this.settings = settings;
    this.sessionBefore = session(request);
    this.cookiesBefore = cookies(response).size();
    int maxSize = (int) settings.maxSize().toBytes();
    this.buffer = new PageResponse(response, sessionBefore, asked, maxSize, begins);
  }

  private static @Nullable String session(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    return session == null ? null : session.getId();
  }

  private static Collection<String> cookies(HttpServletResponse response) {
    return response.getHeaders(HttpHeaders.SET_COOKIE);
  }

  /** Whether it was begun. */
  boolean isBegun() {
    return begun;
  }

  /** Makes the page. */
  void run() throws Exception {
    begun = true;
    chain.doFilter(new GuestRequest(request, rule, asked, buffer::passOn), buffer);
    buffer.finish();
    judge();
  }

  /** Returns the page to keep; null if it is the one's who asked, and then nobody else gets it. */
  @Nullable KeptPage page() {
    if (asked.reason() != null) {
      Call.keepPrivate();
      return null;
    }
    String type = Objects.requireNonNullElse(response.getContentType(), "");
    return KeptPage.of(type, headers(), buffer.body(), settings.compression());
  }

  /** Returns why the page is not kept; null if it is. */
  @Nullable NotKept reason() {
    return asked.reason();
  }

  /** Sends what was made to the one who asked. */
  void deliver() throws IOException {
    buffer.deliver();
  }

  private void judge() {
    note(response.getStatus() != HttpStatus.OK.value(), NotKept.STATUS);
    note(cookies(response).size() != cookiesBefore, NotKept.COOKIE);
    note(!Objects.equals(session(request), sessionBefore), NotKept.SESSION);
    note(isNotToBeStored(), NotKept.CACHE_CONTROL);
    note(response.getHeader(HttpHeaders.CONTENT_ENCODING) != null, NotKept.CODING);
    note(!buffer.isWhole(), NotKept.FORWARD);
    note(!isMadeAsAnnotated(), NotKept.HANDLER);
  }

  /** Of several reasons the first says most. */
  private void note(boolean holds, NotKept reason) {
    if (holds && asked.reason() == null) {
      asked.note(reason);
    }
  }

  private boolean isNotToBeStored() {
    return response.getHeaders(HttpHeaders.CACHE_CONTROL).stream()
        .map(value -> value.toLowerCase(Locale.ROOT))
        .anyMatch(value -> value.contains("no-store") || value.contains("private"));
  }

  private boolean isMadeAsAnnotated() {
    Object handler = request.getAttribute(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE);
    return handler instanceof HandlerMethod method && method.getMethod().equals(rule.method());
  }

  private String headers() {
    Set<String> names = new LinkedHashSet<>(List.of(HttpHeaders.CONTENT_LANGUAGE));
    names.addAll(rule.headers());
    StringBuilder kept = new StringBuilder();
    for (String name : names) {
      for (String value : response.getHeaders(name)) {
        kept.append(name).append(": ").append(value).append('\n');
      }
    }
    return kept.toString();
  }
}
