package larder.session.web;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import larder.session.RequestSessions;
import larder.session.SessionEvent;
import larder.session.SessionStatistics;
import larder.session.SessionsAwayException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Answers 503 what cannot be answered without a session while sessions cannot be written, and lets
 * each request ask for its session once. Stands around the filter of Spring Session.
 */
public final class SessionsAwayFilter extends OncePerRequestFilter {

  private final SessionStatistics statistics;

  public SessionsAwayFilter(SessionStatistics statistics) {
    this.statistics = statistics;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    RequestSessions.begin();
    try {
      chain.doFilter(request, response);
    } catch (ServletException | RuntimeException e) {
      if (!isAway(e)
          || response.isCommitted()
          || request.getDispatcherType() == DispatcherType.ERROR) {
        throw e;
      }
      statistics.add(SessionEvent.REFUSED);
      response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    } finally {
      RequestSessions.end();
    }
  }

  private static boolean isAway(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SessionsAwayException) {
        return true;
      }
    }
    return false;
  }

  /** Error pages look for the session too. */
  @Override
  protected boolean shouldNotFilterErrorDispatch() {
    return false;
  }
}
