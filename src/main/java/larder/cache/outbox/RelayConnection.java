package larder.cache.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import larder.cache.jdbc.TrackedDataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The relay's one connection to the database: kept open, outside of the application's pool, and
 * listening for commits.
 *
 * <p>Its own, because a relay that waits for a connection of a busy pool would leave every node
 * without heartbeats just then. If none can be opened beside the pool, the pool's serve, one turn
 * at a time, and nothing is heard of commits. Every wait for the server is bounded. Used by one
 * thread.
 */
final class RelayConnection implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RelayConnection.class);

  /** What the driver of PostgreSQL calls the server. */
  static final String POSTGRES = "PostgreSQL";

  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(5);

  /** What a turn does with a connection. */
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  /** What a turn does with a connection, without an outcome. */
  interface Task {
    void on(Connection connection) throws SQLException;
  }

  private final @Nullable DataSource own;
  private final DataSource pool;
  private @Nullable Connection open;
  private @Nullable Notifications notifications;
  private @Nullable String searchPath;
  private boolean wasOpen;
  private boolean told;

  /**
   * @param own opens connections that belong to nobody else; null if there is no such way
   * @param pool lends connections
   */
  RelayConnection(@Nullable DataSource own, DataSource pool) {
    this.own = own;
    this.pool = pool;
  }

  /** Has work done on a connection that commits each statement by itself. */
  <T> T use(Work<T> work) throws SQLException {
    Connection mine = mine();
    if (mine != null) {
      return work.on(mine);
    }
    try (Connection lent = pool.getConnection()) {
      sayLent();
      lent.setAutoCommit(true);
      lent.setNetworkTimeout(Runnable::run, (int) LONGEST_ANSWER.toMillis());
      return work.on(TrackedDataSource.untracked(lent));
    }
  }

  /** Has a task done, as {@link #use} does. */
  void work(Task task) throws SQLException {
    var unused =
        use(
            connection -> {
              task.on(connection);
              return true;
            });
  }

  /** Returns the relay's own connection; null if there is no way to one. */
  private @Nullable Connection mine() throws SQLException {
    if (open == null && own != null) {
      try {
        open = opened(own);
        wasOpen = true;
      } catch (SQLException | RuntimeException e) {
        if (wasOpen) {
          throw e;
        }
        log.debug("The relay has no connection of its own", e);
      }
    }
    return open;
  }

  private void sayLent() {
    if (!told) {
      told = true;
      log.info(
          "The outbox relay has no connection of its own: it uses the application's, and is not"
              + " woken by commits");
    }
  }

  private Connection opened(DataSource own) throws SQLException {
    Connection connection = own.getConnection();
    try {
      connection.setAutoCommit(true);
      connection.setNetworkTimeout(Runnable::run, (int) LONGEST_ANSWER.toMillis());
      lookWherePoolLooks(connection);
      notifications = Notifications.listen(connection);
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** Has the connection find tables by their names where the application's connections do. */
  private void lookWherePoolLooks(Connection connection) throws SQLException {
    if (!connection.getMetaData().getDatabaseProductName().equals(POSTGRES)) {
      return;
    }
    if (searchPath == null) {
      try (Connection lent = pool.getConnection();
          Statement ask = lent.createStatement();
          ResultSet answer = ask.executeQuery("select current_setting('search_path')")) {
        answer.next();
        searchPath = answer.getString(1);
      }
    }
    try (PreparedStatement set =
        connection.prepareStatement("select set_config('search_path', ?, false)")) {
      set.setString(1, searchPath);
      set.execute();
    }
  }

  /** Waits for a commit that writes to the outbox, and returns whether there was one. */
  boolean await(Duration longest) throws SQLException, InterruptedException {
    Notifications heard = notifications;
    if (heard != null) {
      return heard.await(longest);
    }
    Thread.sleep(longest.toMillis());
    return false;
  }

  /** Lets go of the connection; the next turn opens another. */
  @Override
  public void close() {
    Connection mine = open;
    open = null;
    notifications = null;
    if (mine != null) {
      try {
        mine.close();
      } catch (SQLException e) {
        log.debug("The relay's connection was not closed", e);
      }
    }
  }
}
