package larder.history;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import larder.history.node.Stamped;
import larder.history.node.Workload;
import larder.history.node.WriteKind;
import org.jspecify.annotations.Nullable;

/**
 * Another program on the database: it raises stamps with plain SQL, and looks at all rows again and
 * again, so that a commit counts even if nobody lived to tell of it.
 */
final class Outsider implements AutoCloseable {

  private static final long WRITE_PAUSE_MILLIS = 50;
  private static final long LOOK_PAUSE_MILLIS = 50;
  private static final String LOOK =
      "select id, stamp from history_item union all select id, stamp from history_part";

  private final Servers servers;
  private final History history;
  private final Workload workload;
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean closed;

  /**
   * @param workload says when which rows are written
   */
  Outsider(Servers servers, History history, Workload workload) {
    this.servers = servers;
    this.history = history;
    this.workload = workload;
  }

  /** Begins to write. */
  void write() {
    begin("history-sql", this::raise, WRITE_PAUSE_MILLIS);
  }

  /** Begins to look. */
  void look() {
    begin("history-look", this::observe, LOOK_PAUSE_MILLIS);
  }

  /** What is done over and over on a connection. */
  @FunctionalInterface
  private interface Task {
    void run(Connection connection) throws SQLException;
  }

  private void begin(String name, Task task, long pauseMillis) {
    Thread thread = new Thread(() -> repeat(task, pauseMillis), name);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  private void repeat(Task task, long pauseMillis) {
    Connection connection = null;
    while (!closed) {
      try {
        connection = connection == null ? servers.database().connect() : connection;
        task.run(connection);
      } catch (SQLException e) {
        closeQuietly(connection);
        connection = null;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pauseMillis));
    }
    closeQuietly(connection);
  }

  private void raise(Connection connection) throws SQLException {
    int id = ThreadLocalRandom.current().nextInt(Workload.ROWS);
    if (!workload.mayWrite(id, System.nanoTime())) {
      return;
    }
    String table = id < Workload.FIRST_PART ? "history_item" : "history_part";
    try (PreparedStatement statement =
        connection.prepareStatement(
            "update %s set stamp = stamp + 1 where id = ? returning stamp".formatted(table))) {
      statement.setInt(1, id);
      try (ResultSet rows = statement.executeQuery()) {
        long nanos = System.nanoTime();
        rows.next();
        history.finished(
            WriteKind.PLAIN_SQL, /* node= */ -1, nanos, List.of(new Stamped(id, rows.getLong(1))));
      }
    } catch (SQLException e) {
      history.failed(/* write= */ true);
      throw e;
    }
  }

  private void observe(Connection connection) throws SQLException {
    List<Stamped> seen = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(LOOK)) {
      while (rows.next()) {
        seen.add(new Stamped(rows.getInt(1), rows.getLong(2)));
      }
    }
    history.observed(System.nanoTime(), seen);
  }

  private static void closeQuietly(@Nullable Connection connection) {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      // It is of no more use.
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Thread thread : threads) {
      try {
        thread.join(TimeUnit.SECONDS.toMillis(5));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
