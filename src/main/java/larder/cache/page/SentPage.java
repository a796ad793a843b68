package larder.cache.page;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.context.request.ServletWebRequest;

/**
 * A page on its way to one person: the coding that they accept, or no more than its headers if they
 * have it already.
 */
final class SentPage {

  private final KeptPage page;
  private final PageRule rule;
  private final boolean zipped;
  private final byte[] bytes;

  private SentPage(KeptPage page, PageRule rule, boolean zipped, byte[] bytes) {
    this.page = page;
    this.rule = rule;
    this.zipped = zipped;
    this.bytes = bytes;
  }

  /** Returns what a request gets of a page; null if what is kept is damaged. */
  static @Nullable SentPage of(KeptPage page, PageRule rule, HttpServletRequest request) {
    boolean zipped = page.zipped() && acceptsZipped(request.getHeader(HttpHeaders.ACCEPT_ENCODING));
    try {
      return new SentPage(page, rule, zipped, zipped ? page.kept() : page.plain());
    } catch (RuntimeException damaged) {
      return null;
    }
  }

  /**
   * Sends the page.
   *
   * @return whether its body was needed
   */
  boolean send(HttpServletRequest request, HttpServletResponse response) throws IOException {
    response.setStatus(HttpStatus.OK.value());
    response.setHeader(HttpHeaders.CACHE_CONTROL, cacheControl(response));
    response.setHeader(HttpHeaders.ETAG, page.etag(zipped));
    setHeaders(response);
    if (new ServletWebRequest(request, response).checkNotModified(page.etag(zipped))) {
      return false;
    }
    if (!page.type().isEmpty()) {
      response.setContentType(page.type());
    }
    if (zipped) {
      response.setHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
    }
    response.setContentLength(bytes.length);
    if (!"HEAD".equals(request.getMethod())) {
      response.getOutputStream().write(bytes);
    }
    return true;
  }

  /** A cookie that a filter further out sets is for this person, and so is the response then. */
  private @Nullable String cacheControl(HttpServletResponse response) {
    return response.getHeaders(HttpHeaders.SET_COOKIE).isEmpty()
        ? rule.cacheControl().getHeaderValue()
        : CacheControl.noCache().cachePrivate().getHeaderValue();
  }

  private void setHeaders(HttpServletResponse response) {
    Set<String> met = new HashSet<>();
    page.headers().lines().forEach(line -> setHeader(response, line, met));
  }

  private static void setHeader(HttpServletResponse response, String line, Set<String> met) {
    int colon = line.indexOf(": ");
    if (colon > 0 && met.add(line.substring(0, colon))) {
      response.setHeader(line.substring(0, colon), line.substring(colon + 2));
    } else if (colon > 0) {
      response.addHeader(line.substring(0, colon), line.substring(colon + 2));
    }
  }

  private static boolean acceptsZipped(@Nullable String codings) {
    if (codings == null) {
      return false;
    }
    for (String coding : codings.toLowerCase(Locale.ROOT).split(",", -1)) {
      String[] parts = coding.strip().split("\\s*;\\s*", -1);
      if (parts[0].equals("gzip")) {
        return parts.length == 1 || !parts[1].matches("q\\s*=\\s*0(\\.0*)?");
      }
    }
    return false;
  }
}
