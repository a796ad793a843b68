package larder.cache.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import larder.cache.tracking.UniqueKey;
import org.jspecify.annotations.Nullable;

/**
 * The unique indexes that a database lists of its tables: those over all rows, of columns and of
 * {@code lower} and {@code upper} of them.
 *
 * <p>None of a database whose driver may not say that an index is of some rows only. Of
 * PostgreSQL's, none that is not valid (yet), none of a table whose rows others inherit, and none
 * that may hold for different what a query holds for equal.
 */
final class UniqueIndexes {

  private static final String DOUBTFUL =
      """
      select n.nspname, c.relname
      from pg_index i
        join pg_class c on c.oid = i.indexrelid
        join pg_class t on t.oid = i.indrelid
        join pg_namespace n on n.oid = c.relnamespace
      where i.indisunique
        and (not i.indisvalid
          or (t.relkind <> 'p' and exists (select from pg_inherits h where h.inhparent = t.oid))
          or exists (
            select from unnest(i.indclass) used
              join pg_opclass o on o.oid = used
            where not o.opcdefault)
          or exists (
            select from pg_attribute a
              join pg_collation l on l.oid = a.attcollation
            where a.attrelid = t.oid and not l.collisdeterministic))
      """;

  private static final Set<String> PRODUCTS =
      Set.of("PostgreSQL", "H2", "MySQL", "MariaDB", "Oracle");

  private final DatabaseMetaData database;
  private final boolean told;
  private final Set<String> doubtful = new HashSet<>();

  private UniqueIndexes(DatabaseMetaData database) throws SQLException {
    this.database = database;
    this.told = PRODUCTS.contains(database.getDatabaseProductName());
  }

  static UniqueIndexes of(Connection connection) throws SQLException {
    UniqueIndexes indexes = new UniqueIndexes(connection.getMetaData());
    if (indexes.database.getDatabaseProductName().equals("PostgreSQL")) {
      indexes.readDoubtful(connection);
    }
    return indexes;
  }

  private void readDoubtful(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(DOUBTFUL)) {
      while (rows.next()) {
        doubtful.add(rows.getString(1) + "." + rows.getString(2));
      }
    }
  }

  /** Returns the unique keys of one table, as far as the database is known to tell them. */
  Set<UniqueKey> keys(@Nullable String catalog, @Nullable String schema, String table)
      throws SQLException {
    if (!told) {
      return Set.of();
    }
    Map<String, Set<String>> indexes = new HashMap<>();
    Set<String> others = new HashSet<>();
    try (ResultSet parts = database.getIndexInfo(catalog, schema, table, true, true)) {
      while (parts.next()) {
        String index = parts.getString("INDEX_NAME");
        if (index == null) {
          continue;
        }
        String part = part(parts.getString("COLUMN_NAME"));
        if (part == null
            || parts.getBoolean("NON_UNIQUE")
            || parts.getString("FILTER_CONDITION") != null
            || doubtful.contains(schema + "." + index)) {
          others.add(index);
        } else {
          indexes.computeIfAbsent(index, any -> new HashSet<>()).add(part);
        }
      }
    }
    Set<UniqueKey> keys = new HashSet<>();
    indexes.forEach(
        (index, parts) -> {
          if (!others.contains(index)) {
            keys.add(new UniqueKey(parts));
          }
        });
    return keys;
  }

  /** Returns a part of an index; null if it is none that a query without quotes names. */
  private @Nullable String part(@Nullable String written) throws SQLException {
    if (written == null) {
      return null;
    }
    boolean plain =
        database.storesUpperCaseIdentifiers()
            ? written.equals(written.toUpperCase(Locale.ROOT))
            : !database.storesLowerCaseIdentifiers()
                || written.equals(written.toLowerCase(Locale.ROOT));
    return plain ? UniqueKey.part(written) : null;
  }
}
