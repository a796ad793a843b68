package larder.writebehind;

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.TransactionTimedOutException;

/** What went wrong, in two kinds: the time's fault, or that of what was to be written. */
final class Failures {

  /** Connection, rollback, resources, state, operator and system, as the classes of SQLSTATE. */
  private static final Set<String> OF_THE_TIME = Set.of("08", "25", "40", "53", "55", "57", "58");

  /** Somebody has passed over a failure of a statement. */
  private static final String ABORTED = "25P02";

  /** An earlier exception of the chain is looked at no further than this. */
  private static final int DEEPEST = 30;

  private Failures() {}

  /** Whether the same may work later: then no entry is to blame. */
  static boolean isTransient(Throwable failure) {
    Throwable one = failure;
    for (int i = 0; one != null && i < DEEPEST; i++) {
      if (isOfTheTime(one)) {
        return true;
      }
      one = one.getCause();
    }
    return false;
  }

  private static boolean isOfTheTime(Throwable one) {
    return one instanceof TransientDataAccessException
        || one instanceof RecoverableDataAccessException
        || one instanceof DataAccessResourceFailureException
        || one instanceof CannotCreateTransactionException
        || one instanceof TransactionTimedOutException
        || (one instanceof TransactionSystemException ended && isCutOff(ended))
        || one instanceof SQLTransientException
        || one instanceof SQLRecoverableException
        || one instanceof InterruptedException
        || one instanceof LinkageError
        || (one instanceof VirtualMachineError && !(one instanceof StackOverflowError))
        || (one instanceof SQLException sql && isOfTheTime(sql.getSQLState()));
  }

  /** Whether not even the rollback has reached the database, or nobody knows of the commit. */
  private static boolean isCutOff(TransactionSystemException ended) {
    return ended.getApplicationException() != null || state(ended) == null;
  }

  private static boolean isOfTheTime(@Nullable String state) {
    return state != null
        && state.length() == 5
        && !state.equals(ABORTED)
        && OF_THE_TIME.contains(state.substring(0, 2));
  }

  /** Returns what kind of exception it was, and what the database called it; no message. */
  static String describe(Throwable failure) {
    String kind = failure.getClass().getSimpleName();
    String state = state(failure);
    return state == null ? kind : kind + ", SQLSTATE " + state;
  }

  /** Returns what the database called it; null if it did not say anything. */
  private static @Nullable String state(Throwable failure) {
    Throwable one = failure;
    for (int i = 0; one != null && i < DEEPEST; i++) {
      if (one instanceof SQLException sql && sql.getSQLState() != null) {
        return sql.getSQLState();
      }
      one = one.getCause();
    }
    return null;
  }
}
