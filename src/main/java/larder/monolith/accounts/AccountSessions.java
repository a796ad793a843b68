package larder.monolith.accounts;

import java.util.List;
import java.util.Optional;
import larder.monolith.users.UserDeleted;
import larder.session.SessionRegister;
import larder.session.SessionUse;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.web.context.request.RequestContextHolder;

/** The sessions of users, on all nodes. */
@Component
public class AccountSessions {

  private final SessionRegister register;

  AccountSessions(SessionRegister register) {
    this.register = register;
  }

  /**
   * Returns the sessions in which the user is signed in who has sent the request of this thread;
   * empty if that cannot be told at this moment.
   */
  public Optional<List<SessionUse>> ofViewer(Viewer viewer) {
    String current = RequestContextHolder.currentRequestAttributes().getSessionId();
    return register.of(name(viewer.user().id()), current);
  }

  /** Ends all sessions of a user; returns whether they have ended. */
  public boolean endAll(long id) {
    return register.endAll(name(id)).isPresent();
  }

  /** Ends those of nobody; what cannot be reached now is of no use, {@link CurrentAccounts}. */
  @TransactionalEventListener
  void end(UserDeleted deleted) {
    register.endAll(name(deleted.id()));
  }

  private static String name(long id) {
    return new Account(id, /* administrator= */ false).getUsername();
  }
}
