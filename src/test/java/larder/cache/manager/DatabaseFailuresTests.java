package larder.cache.manager;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.EmptyResultDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;

class DatabaseFailuresTests {

  @Test
  void aDatabaseThatIsAwayIsOne() {
    assertThat(DatabaseFailures.isOne(new DataAccessResourceFailureException("away"))).isTrue();
    assertThat(DatabaseFailures.isOne(new CannotCreateTransactionException("away"))).isTrue();
    assertThat(
            DatabaseFailures.isOne(
                new IllegalStateException(new SQLTransientConnectionException("pool"))))
        .isTrue();
    assertThat(DatabaseFailures.isOne(new RuntimeException(new SQLException("x", "57P01"))))
        .isTrue();
  }

  @Test
  void anAnswerIsNone() {
    assertThat(DatabaseFailures.isOne(new EmptyResultDataAccessException(1))).isFalse();
    assertThat(DatabaseFailures.isOne(new DataIntegrityViolationException("twice"))).isFalse();
    assertThat(DatabaseFailures.isOne(new SQLException("syntax", "42601"))).isFalse();
    assertThat(DatabaseFailures.isOne(new IllegalStateException("own"))).isFalse();
  }

  @Test
  void endsForCausesThatGoInACircle() {
    Exception outer = new Exception();
    Exception inner = new Exception(outer);
    outer.initCause(inner);
    assertThat(DatabaseFailures.isOne(outer)).isFalse();
  }
}
