package larder.locks.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import larder.locks.FenceEpochs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Beginnings from the database, where its table {@code larder_fences} is: they rise whatever
 * becomes of Redis and of clocks. Others' beginnings where it is not. Thread-safe.
 *
 * <p>The row with the empty name keeps the last. It is the time in seconds, or one more than the
 * last if that is higher: so it rises too when a database was restored that had lost some.
 */
public final class JdbcEpochs implements FenceEpochs {

  private static final Logger log = LoggerFactory.getLogger(JdbcEpochs.class);

  private static final String NEXT =
      """
      insert into larder_fences (name, token)
      values ('', extract(epoch from clock_timestamp())::bigint)
      on conflict (name) do update set at = clock_timestamp(), token =
        greatest(larder_fences.token + 1, extract(epoch from clock_timestamp())::bigint)
      returning token, xmax = 0
      """;

  private final DataSource database;
  private final FenceEpochs otherwise;

  /**
   * @param otherwise gives the beginnings where the table is not
   */
  public JdbcEpochs(DataSource database, FenceEpochs otherwise) {
    this.database = database;
    this.otherwise = otherwise;
  }

  @Override
  public Epoch next() {
    try (Connection connection = database.getConnection()) {
      if (isThere(connection)) {
        return next(connection);
      }
    } catch (SQLException e) {
      throw new IllegalStateException("The database gives no fencing numbers", e);
    }
    log.info("Fencing numbers begin by the clock: the database has no table larder_fences");
    return otherwise.next();
  }

  private static boolean isThere(Connection connection) throws SQLException {
    try (ResultSet found = connection.getMetaData().getTables(null, null, "larder_fences", null)) {
      return found.next();
    }
  }

  /** In a transaction of its own, which a crash cannot undo after others have seen it. */
  private static Epoch next(Connection connection) throws SQLException {
    boolean commits = connection.getAutoCommit();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("set local synchronous_commit = on");
      Epoch epoch;
      try (ResultSet row = statement.executeQuery(NEXT)) {
        row.next();
        epoch = new Epoch(row.getLong(1), row.getBoolean(2));
      }
      connection.commit();
      return epoch;
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(commits);
    }
  }
}
