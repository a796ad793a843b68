package larder.monolith.accounts;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import larder.monolith.users.Users;
import larder.session.RequestSessions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** Tells every page its viewer: nobody when not signed in, or when deleted since. */
@ControllerAdvice
class ViewerAdvice {

  static final String ATTRIBUTE = "viewer";

  private static final Logger log = LoggerFactory.getLogger(ViewerAdvice.class);

  private final Users users;

  ViewerAdvice(Users users) {
    this.users = users;
  }

  @ModelAttribute(ATTRIBUTE)
  @Nullable Viewer viewer(
      @AuthenticationPrincipal @Nullable Account account, HttpServletRequest request) {
    if (account == null) {
      return null;
    }
    return request.getDispatcherType() == DispatcherType.ERROR
        ? findQuietly(account).orElse(null)
        : find(account).orElse(null);
  }

  /** Tells every page whether its viewer may be somebody who cannot be recognised now. */
  @ModelAttribute("unrecognised")
  boolean unrecognised() {
    return RequestSessions.areUnread();
  }

  private Optional<Viewer> find(Account account) {
    return users.find(account.id()).map(user -> new Viewer(user, account.administrator()));
  }

  /** Finds the viewer of an error page, which must appear even if the database is the error. */
  private Optional<Viewer> findQuietly(Account account) {
    try {
      return find(account);
    } catch (RuntimeException unknown) {
      log.debug("The error page does without its viewer", unknown);
      return Optional.empty();
    }
  }
}
