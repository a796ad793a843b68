package larder.cache.outbox;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import larder.cache.LarderProperties.Triggers;
import larder.cache.tracking.MappedTable;
import larder.dev.servers.Database;
import larder.dev.servers.TestServers;
import org.flywaydb.core.Flyway;

/** A new database with the outbox in it, as Flyway installs it, and sessions of other programs. */
final class OutboxDatabase {

  final Database database;

  OutboxDatabase() {
    this(TestServers.freshDatabase());
  }

  OutboxDatabase(Database database) {
    this.database = database;
    Flyway.configure()
        .dataSource(database.url(), database.user(), database.password())
        .locations("classpath:larder/postgresql")
        .validateMigrationNaming(true)
        .load()
        .migrate();
  }

  /** Runs statements in a session of its own, each one a transaction unless they say otherwise. */
  void run(String... statements) {
    try (Connection connection = database.connect()) {
      for (String sql : statements) {
        run(connection, sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Returns the first column of every row as text. */
  List<String> ask(String query) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      List<String> found = new ArrayList<>();
      while (rows.next()) {
        found.add(String.valueOf(rows.getString(1)));
      }
      return found;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Forgets what was told until now. */
  void forget() {
    run("delete from larder_outbox");
  }

  /** Returns the tags that were told since the last call. */
  SortedSet<String> told() {
    SortedSet<String> told = new TreeSet<>(ask("select distinct unnest(tags) from larder_outbox"));
    forget();
    return told;
  }

  /** Looks at the triggers of these tables, as a node does that may create them. */
  WatchedTables watch(MappedTable... tables) {
    return watch(Triggers.CREATE, tables);
  }

  WatchedTables watch(Triggers triggers, MappedTable... tables) {
    WatchedTables watched = new WatchedTables();
    look(new Watch(() -> List.of(tables), triggers, watched));
    return watched;
  }

  void look(Watch watch) {
    try (Connection connection = database.connect()) {
      watch.look(connection);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A mapped table with an id of one column. */
  static MappedTable byId(String name) {
    return new MappedTable(name, name, List.of("id"), /* rowTags= */ true);
  }
}
