package larder.locks.jdbc;

import java.time.Duration;
import javax.sql.DataSource;
import larder.locks.FencingToken;
import larder.locks.StaleFencingToken;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Keeps owners of locks from writing to the database once a later owner has. Thread-safe.
 *
 * <p>The table {@code larder_fences} has a row for each lock with the highest number that has
 * written. Who writes says so first, in the same transaction, and keeps the row until its end: a
 * later owner waits for that, and an earlier one is refused.
 */
public final class FencedWrites {

  private static final String RAISE =
      """
      insert into larder_fences (name, token) values (?, ?)
      on conflict (name) do update set token = excluded.token, at = clock_timestamp()
        where larder_fences.token <= excluded.token
      """;

  private static final String FORGET =
      "delete from larder_fences where name <> '' and at < clock_timestamp() - ? * interval '1 second'";

  private final DataSource database;
  private final JdbcTemplate statements;

  public FencedWrites(DataSource database) {
    this.database = database;
    this.statements = new JdbcTemplate(database);
  }

  /**
   * Says that the owner of a number is about to write in the transaction of this thread. To be
   * called before its first write; what it has read before may be old.
   *
   * @throws StaleFencingToken if a later owner has written; the transaction should end then
   * @throws IllegalStateException if the thread has no transaction of this database
   */
  public void check(FencingToken token) {
    if (!TransactionSynchronizationManager.isActualTransactionActive()
        || !TransactionSynchronizationManager.hasResource(database)) {
      throw new IllegalStateException(
          "Lock '%s': a fenced write needs a transaction of its database".formatted(token.name()));
    }
    if (statements.update(RAISE, token.name(), token.number()) == 0) {
      throw new StaleFencingToken(token);
    }
  }

  /**
   * Removes what is kept of locks under which nobody has written for long, and returns how many
   * they were. An owner that was paused for all that time would not be refused any more.
   *
   * @param age how long; longer than any pause
   */
  public int forget(Duration age) {
    return statements.update(FORGET, age.toSeconds());
  }
}
