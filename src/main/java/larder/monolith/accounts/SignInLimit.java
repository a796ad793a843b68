package larder.monolith.accounts;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import larder.limit.Decision;
import larder.limit.Limit;
import larder.limit.RateLimiter;
import larder.limit.web.Networks;
import larder.limit.web.RateLimitFields;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Limits how often somebody may try to sign in: by network, and by the name that was typed.
 *
 * <p>An attempt takes from both before the password is looked at, so that many at once are no more
 * than one after the other. A success gives back what it took from the name, so only failures count
 * there. Whoever knows a handle can use up its attempts; its owner then signs in with the e-mail
 * address, which nobody else is shown and which has attempts of its own.
 */
abstract class SignInLimit extends OncePerRequestFilter {

  /** Attempts from a network. */
  static final Limit BY_NETWORK = Limit.slidingWindow("sign-in-network", 30, Duration.ofMinutes(1));

  /** Failed attempts under a name. */
  static final Limit BY_NAME = Limit.slidingWindow("sign-in-name", 10, Duration.ofMinutes(15));

  private final RateLimiter limiter;

  SignInLimit(RateLimiter limiter) {
    this.limiter = limiter;
  }

  /** Returns the name under which the request wants to sign in; null if it does not want to. */
  abstract @Nullable String name(HttpServletRequest request);

  /** Whether successes count for the network too. */
  abstract boolean countsSuccess();

  /** Answers a request that may not try. */
  abstract void refuse(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException;

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String name = name(request);
    if (name == null) {
      chain.doFilter(request, response);
      return;
    }
    Decision decision = limiter.ask(subjects(request, name));
    if (decision.allowed()) {
      RateLimitFields.write(decision, request, response);
      chain.doFilter(request, response);
      giveBack(decision);
    } else {
      RateLimitFields.refuse(decision, request, response);
      refuse(request, response);
    }
  }

  private static Map<String, String> subjects(HttpServletRequest request, String name) {
    Map<String, String> subjects = new LinkedHashMap<>();
    subjects.put(BY_NETWORK.name(), Networks.of(request.getRemoteAddr()));
    subjects.put(BY_NAME.name(), name.strip().toLowerCase(Locale.ROOT));
    return subjects;
  }

  private void giveBack(Decision decision) {
    Authentication now = SecurityContextHolder.getContext().getAuthentication();
    if (now != null && now.getPrincipal() instanceof Account) {
      limiter.giveBack(decision, BY_NAME.name());
      if (!countsSuccess()) {
        limiter.giveBack(decision, BY_NETWORK.name());
      }
    }
  }
}
