package larder.monolith.accounts;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import larder.limit.RateLimiter;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/** The limits of the sign-in page, which shows a refusal itself. */
final class FormSignInLimit extends SignInLimit {

  static final String REFUSED = "/login/limited";

  private static final RequestMatcher SIGN_IN =
      PathPatternRequestMatcher.pathPattern(HttpMethod.POST, "/login");

  FormSignInLimit(RateLimiter limiter) {
    super(limiter);
  }

  @Override
  @Nullable String name(HttpServletRequest request) {
    return SIGN_IN.matches(request)
        ? Objects.requireNonNullElse(request.getParameter("username"), "")
        : null;
  }

  @Override
  boolean countsSuccess() {
    return true;
  }

  @Override
  void refuse(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    request.getRequestDispatcher(REFUSED).forward(request, response);
  }
}
