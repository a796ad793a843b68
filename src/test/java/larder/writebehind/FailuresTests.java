package larder.writebehind;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.UnexpectedRollbackException;

/** An entry is to blame only for what will not pass with time. */
class FailuresTests {

  @ParameterizedTest
  @CsvSource({
    "08006, true",
    "40001, true",
    "40P01, true",
    "53300, true",
    "55P03, true",
    "57P01, true",
    "25006, true",
    "25P03, true",
    "25P02, false",
    "23505, false",
    "22001, false",
    "42P01, false"
  })
  void theDatabaseSaysWhatKindItIs(String state, boolean isTransient) {
    SQLException said = new SQLException("secret", state);
    assertThat(Failures.isTransient(new UncategorizedSQLException("task", "sql", said)))
        .isEqualTo(isTransient);
    assertThat(Failures.isTransient(new RuntimeException(new RuntimeException(said))))
        .isEqualTo(isTransient);
  }

  @Test
  void aTransactionThatNobodyKnowsTheEndOfIsNoEntrysFault() {
    var unknown = new TransactionSystemException("rollback", new SQLException("closed"));
    assertThat(Failures.isTransient(unknown)).isTrue();
    var refused = new TransactionSystemException("commit", new SQLException("", "23503"));
    assertThat(Failures.isTransient(refused)).isFalse();
    refused.initApplicationException(new DataIntegrityViolationException(""));
    assertThat(Failures.isTransient(refused)).isTrue();
    assertThat(Failures.isTransient(new UnexpectedRollbackException("passed over"))).isFalse();
    var none =
        new CannotCreateTransactionException("", new SQLTransientConnectionException("none"));
    assertThat(Failures.isTransient(none)).isTrue();
  }

  @Test
  void errorsOfTheMachineAreNotOfEntries() {
    assertThat(Failures.isTransient(new OutOfMemoryError())).isTrue();
    assertThat(Failures.isTransient(new NoClassDefFoundError())).isTrue();
    assertThat(Failures.isTransient(new StackOverflowError())).isFalse();
    assertThat(Failures.isTransient(new AssertionError())).isFalse();
    assertThat(Failures.isTransient(new NullPointerException())).isFalse();
  }

  @Test
  void aCycleOfCausesHasAnEnd() {
    RuntimeException one = new RuntimeException();
    RuntimeException other = new RuntimeException(one);
    one.initCause(other);
    assertThat(Failures.isTransient(one)).isFalse();
  }

  @Test
  void messagesStayUntold() {
    SQLException said = new SQLException("Key (email)=(ada@example.org)", "23505");
    assertThat(Failures.describe(new DataIntegrityViolationException("secret", said)))
        .isEqualTo("DataIntegrityViolationException, SQLSTATE 23505");
    assertThat(Failures.describe(new NullPointerException("secret")))
        .isEqualTo("NullPointerException");
  }
}
