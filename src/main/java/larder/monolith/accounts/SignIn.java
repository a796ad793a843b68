package larder.monolith.accounts;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import larder.monolith.users.User;
import larder.session.SessionsAwayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.logout.SecurityContextLogoutHandler;
import org.springframework.security.web.authentication.session.ChangeSessionIdAuthenticationStrategy;
import org.springframework.security.web.authentication.session.CompositeSessionAuthenticationStrategy;
import org.springframework.security.web.authentication.session.SessionAuthenticationStrategy;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.security.web.csrf.CsrfAuthenticationStrategy;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.stereotype.Component;

/** Signing in and out where no form asks for it: after signing up, after deleting oneself. */
@Component
public class SignIn {

  private static final Logger log = LoggerFactory.getLogger(SignIn.class);

  private final SecurityContextRepository contexts;
  private final SessionAuthenticationStrategy sessions;

  SignIn(SecurityContextRepository contexts, CsrfTokenRepository csrfTokens) {
    this.contexts = contexts;
    this.sessions =
        new CompositeSessionAuthenticationStrategy(
            List.of(
                new ChangeSessionIdAuthenticationStrategy(),
                new CsrfAuthenticationStrategy(csrfTokens)));
  }

  /** Signs in a user who has just signed up, under a new session id and CSRF token. */
  void start(User user, HttpServletRequest request, HttpServletResponse response) {
    Account account = new Account(user.id(), /* administrator= */ false);
    Authentication authentication =
        UsernamePasswordAuthenticationToken.authenticated(
            account, /* credentials= */ null, account.getAuthorities());
    sessions.onAuthentication(authentication, request, response);
    SecurityContext context = SecurityContextHolder.createEmptyContext();
    context.setAuthentication(authentication);
    SecurityContextHolder.setContext(context);
    contexts.saveContext(context, request, response);
  }

  /**
   * Ends the session of the request, of somebody who is deleted or signed out everywhere. If that
   * cannot be written, the session is of no use all the same.
   */
  public void end(HttpServletRequest request, HttpServletResponse response) {
    SecurityContextLogoutHandler handler = new SecurityContextLogoutHandler();
    handler.setSecurityContextRepository(contexts);
    try {
      handler.logout(request, response, SecurityContextHolder.getContext().getAuthentication());
    } catch (SessionsAwayException stays) {
      log.debug("A session that nobody can use stays until its time is over", stays);
    }
  }
}
