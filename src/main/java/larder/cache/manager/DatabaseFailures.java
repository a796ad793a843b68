package larder.cache.manager;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;

/**
 * Tells whether a load failed because the database is away, rather than because of the question.
 */
public final class DatabaseFailures {

  private static final int DEEPEST = 20;

  private DatabaseFailures() {}

  /** Whether a failure, or what caused it, tells of that. */
  public static boolean isOne(Throwable failure) {
    @Nullable Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      if (tellsOfAway(cause)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  private static boolean tellsOfAway(Throwable cause) {
    return cause instanceof DataAccessResourceFailureException
        || cause instanceof TransientDataAccessException
        || cause instanceof RecoverableDataAccessException
        || cause instanceof CannotCreateTransactionException
        || cause instanceof SQLTransientException
        || cause instanceof SQLRecoverableException
        || (cause instanceof SQLException sql && isAwayState(sql.getSQLState()));
  }

  /** Connection exceptions, insufficient resources, operator intervention, system errors. */
  private static boolean isAwayState(@Nullable String state) {
    return state != null && state.matches("(08|53|57|58).*");
  }
}
