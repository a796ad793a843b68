package larder.cache.outbox;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Optional;

/** What a database has of the outbox. */
final class OutboxLevel {

  private static final int OLDEST_POSTGRES = 14;

  private static final String NOT_INSTALLED =
      "the database has no outbox; add classpath:larder/postgresql to spring.flyway.locations to"
          + " see what other programs change";

  private static final String NO_RIGHTS =
      "the application's role may not use the outbox; grant select, insert, update, delete on"
          + " larder_outbox, larder_outbox_cursor";

  private static final String INSTALLED =
      "select to_regclass('larder_outbox') is not null"
          + " and to_regclass('larder_outbox_cursor') is not null"
          + " and to_regproc('larder_outbox_durable') is not null";

  private static final String RIGHTS =
      """
      select bool_and(has_table_privilege(tables, rights))
      from unnest(array['larder_outbox', 'larder_outbox_cursor']) tables,
        unnest(array['select', 'insert', 'update', 'delete']) rights
      """;

  /** A server's identity with the database's, since transactions are numbered per server. */
  private static final String SYSTEM =
      """
      select system_identifier || '/' || oid from pg_control_system(), pg_database
      where datname = current_database()
      """;

  private OutboxLevel() {}

  /** Returns why there is no outbox to rely on; empty if there is one. */
  static Optional<String> missing(Connection connection) throws SQLException {
    if (!connection.getMetaData().getDatabaseProductName().equals(RelayConnection.POSTGRES)) {
      return Optional.of("the database is not PostgreSQL");
    }
    int version = connection.getMetaData().getDatabaseMajorVersion();
    if (version < OLDEST_POSTGRES) {
      return Optional.of(
          "the outbox needs PostgreSQL %d or later, this is %d"
              .formatted(OLDEST_POSTGRES, version));
    }
    if (!ask(connection, INSTALLED).equals("t")) {
      return Optional.of(NOT_INSTALLED);
    }
    return ask(connection, RIGHTS).equals("t") ? Optional.empty() : Optional.of(NO_RIGHTS);
  }

  /** Returns the name of the database among all there are. */
  static String system(Connection connection) throws SQLException {
    return ask(connection, SYSTEM);
  }

  private static String ask(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return Objects.requireNonNull(rows.getString(1));
    }
  }
}
