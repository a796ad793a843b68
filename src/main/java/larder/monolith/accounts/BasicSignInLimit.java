package larder.monolith.accounts;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import larder.limit.RateLimiter;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.authentication.www.BasicAuthenticationConverter;

/** The limits of machines, which sign in with each request: only their failures count. */
final class BasicSignInLimit extends SignInLimit {

  private final BasicAuthenticationConverter credentials = new BasicAuthenticationConverter();

  BasicSignInLimit(RateLimiter limiter) {
    super(limiter);
  }

  @Override
  @Nullable String name(HttpServletRequest request) {
    try {
      UsernamePasswordAuthenticationToken given = credentials.convert(request);
      return given == null ? null : given.getName();
    } catch (AuthenticationException unreadable) {
      return null;
    }
  }

  @Override
  boolean countsSuccess() {
    return false;
  }

  @Override
  void refuse(HttpServletRequest request, HttpServletResponse response) {
    response.setStatus(HttpStatus.TOO_MANY_REQUESTS.value());
  }
}
