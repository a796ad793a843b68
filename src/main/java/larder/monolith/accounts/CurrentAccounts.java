package larder.monolith.accounts;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.Optional;
import larder.monolith.users.Standing;
import larder.monolith.users.Standings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.DeferredSecurityContext;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.stereotype.Component;

/**
 * The sign-ins of sessions with the rights that their users have now, for all that asks who it is.
 *
 * <p>The session of a user who is deleted loses its sign-in here, whatever became of the attempt to
 * end it when they were; who is no administrator any more is a member from their next request on.
 */
@Component
class CurrentAccounts extends HttpSessionSecurityContextRepository {

  private static final Logger log = LoggerFactory.getLogger(CurrentAccounts.class);

  private final Standings standings;

  CurrentAccounts(Standings standings) {
    this.standings = standings;
  }

  @Override
  public DeferredSecurityContext loadDeferredContext(HttpServletRequest request) {
    return new Current(super.loadDeferredContext(request), request);
  }

  private SecurityContext current(Account account, HttpServletRequest request) {
    Optional<Standing> standing = standing(account, request);
    if (standing.isPresent()) {
      return SignedIn.contextOf(new Account(account.id(), standing.get().administrator()));
    }
    HttpSession session = request.getSession(false);
    if (session != null && request.getDispatcherType() != DispatcherType.ERROR) {
      session.removeAttribute(SPRING_SECURITY_CONTEXT_KEY);
    }
    return new SecurityContextImpl();
  }

  /** An error page must appear even if the database is the error. */
  private Optional<Standing> standing(Account account, HttpServletRequest request) {
    try {
      return standings.find(account.id());
    } catch (RuntimeException failure) {
      if (request.getDispatcherType() == DispatcherType.ERROR) {
        log.debug("The error page does without its viewer", failure);
        return Optional.empty();
      }
      throw failure;
    }
  }

  /** Asked for once in a request, and only if somebody wants to know. */
  private final class Current implements DeferredSecurityContext {

    private final DeferredSecurityContext kept;
    private final HttpServletRequest request;
    private @Nullable SecurityContext current;

    Current(DeferredSecurityContext kept, HttpServletRequest request) {
      this.kept = kept;
      this.request = request;
    }

    @Override
    public SecurityContext get() {
      SecurityContext known = current;
      if (known == null) {
        known = kept.get();
        Authentication authentication = known.getAuthentication();
        if (authentication != null && authentication.getPrincipal() instanceof Account account) {
          known = current(account, request);
        }
        current = known;
      }
      return known;
    }

    @Override
    public boolean isGenerated() {
      return kept.isGenerated();
    }
  }
}
