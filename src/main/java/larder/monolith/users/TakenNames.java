package larder.monolith.users;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataIntegrityViolationException;

/** The translation of the table's unique indexes into what was taken. */
final class TakenNames {

  private TakenNames() {}

  /**
   * Returns the exception that says what is taken, or the violation itself if it is another one.
   *
   * @param handle the handle that was to be stored
   */
  static RuntimeException translate(DataIntegrityViolationException violation, String handle) {
    String constraint = constraint(violation);
    if ("users_handle_key".equals(constraint)) {
      return new HandleTaken(handle);
    }
    if ("users_email_key".equals(constraint)) {
      return new EmailTaken();
    }
    return violation;
  }

  /** Returns the constraint as the server names it, whatever language its messages have. */
  private static @Nullable String constraint(DataIntegrityViolationException violation) {
    if (NestedExceptionUtils.getRootCause(violation) instanceof PSQLException refused) {
      ServerErrorMessage message = refused.getServerErrorMessage();
      return message == null ? null : message.getConstraint();
    }
    return null;
  }
}
