package larder.cache.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import larder.cache.session.SessionPosition;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Carries the position of a person's last change from request to request: in the web session, and
 * for clients without one in the header {@value #HEADER}, which they send back as they got it.
 *
 * <p>The position is stored at the moment of the change, before the response can be committed.
 */
public final class SessionPositionFilter extends OncePerRequestFilter {

  /** The header, in requests and in responses to requests that changed something. */
  public static final String HEADER = "Larder-Position";

  private static final String ATTRIBUTE = "larder.position";

  private final boolean header;

  /**
   * @param header whether clients may bring a position themselves; one who lies only keeps himself
   *     from the caches, at the database's expense
   */
  public SessionPositionFilter(boolean header) {
    this.header = header;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    new SessionPosition(brought(request), text -> store(request, response, text)).bind();
    try {
      chain.doFilter(request, response);
    } finally {
      SessionPosition.unbind();
    }
  }

  private @Nullable String brought(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    Object kept = session == null ? null : session.getAttribute(ATTRIBUTE);
    return kept instanceof String text ? text : header ? request.getHeader(HEADER) : null;
  }

  private void store(HttpServletRequest request, HttpServletResponse response, String text) {
    if (header && !response.isCommitted()) {
      response.setHeader(HEADER, text);
    }
    try {
      HttpSession session = request.getSession(false);
      if (session != null) {
        session.setAttribute(ATTRIBUTE, text);
      }
    } catch (IllegalStateException ended) {
      logger.debug("The session ended before its position was kept", ended);
    }
  }
}
