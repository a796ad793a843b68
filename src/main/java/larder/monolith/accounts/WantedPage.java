package larder.monolith.accounts;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.security.web.savedrequest.RequestCache;
import org.springframework.security.web.savedrequest.SavedRequest;
import org.springframework.security.web.savedrequest.SimpleSavedRequest;
import org.springframework.stereotype.Component;

/**
 * The address of the page that somebody wanted who was sent to sign in first, kept as a text in
 * their session. Nothing else of the request is kept: it is a page, and asked for anew.
 */
@Component
class WantedPage implements RequestCache {

  private static final String ATTRIBUTE = "larder.wanted-page";
  private static final int LONGEST = 2_000;

  @Override
  public void saveRequest(HttpServletRequest request, HttpServletResponse response) {
    String query = request.getQueryString();
    String path = request.getRequestURI().substring(request.getContextPath().length());
    String address = path + (query == null ? "" : "?" + query);
    String accepted = request.getHeader(HttpHeaders.ACCEPT);
    boolean page =
        HttpMethod.GET.matches(request.getMethod())
            && accepted != null
            && accepted.contains("text/html");
    if (page && address.length() <= LONGEST) {
      request.getSession().setAttribute(ATTRIBUTE, address);
    }
  }

  /** Returns the wanted page, once. */
  @Override
  public @Nullable SavedRequest getRequest(
      HttpServletRequest request, HttpServletResponse response) {
    HttpSession session = request.getSession(false);
    Object address = session == null ? null : session.getAttribute(ATTRIBUTE);
    removeRequest(request, response);
    return address instanceof String page && page.startsWith("/") && !page.startsWith("//")
        ? new SimpleSavedRequest(page)
        : null;
  }

  /** Returns null: no request is put in place of another. */
  @Override
  public @Nullable HttpServletRequest getMatchingRequest(
      HttpServletRequest request, HttpServletResponse response) {
    return null;
  }

  @Override
  public void removeRequest(HttpServletRequest request, HttpServletResponse response) {
    HttpSession session = request.getSession(false);
    if (session != null && session.getAttribute(ATTRIBUTE) != null) {
      session.removeAttribute(ATTRIBUTE);
    }
  }
}
