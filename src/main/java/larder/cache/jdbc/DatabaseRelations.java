package larder.cache.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import javax.sql.DataSource;
import larder.cache.tracking.DataTags;
import larder.cache.tracking.Relations;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables that the databases list as such, read once. Whatever else goes by a name, such as a
 * view or a foreign table, is not known: its changes go by other names. Thread-safe.
 */
public final class DatabaseRelations implements Relations {

  private static final Logger LOG = LoggerFactory.getLogger(DatabaseRelations.class);
  private static final Set<String> TABLES = Set.of("TABLE", "BASE TABLE", "PARTITIONED TABLE");
  private static final String[] RELATIONS = {
    "TABLE", "BASE TABLE", "PARTITIONED TABLE", "VIEW", "MATERIALIZED VIEW", "FOREIGN TABLE"
  };

  private final Supplier<List<DataSource>> sources;
  private volatile @Nullable Set<String> known;

  public DatabaseRelations(Supplier<List<DataSource>> sources) {
    this.sources = sources;
  }

  @Override
  public Set<String> behind(String name) {
    String bare = DataTags.bare(name);
    return names().contains(bare) ? Set.of(bare) : Set.of();
  }

  private Set<String> names() {
    Set<String> names = known;
    if (names == null) {
      names = read();
      known = names;
    }
    return names;
  }

  private Set<String> read() {
    Set<String> tables = new HashSet<>();
    Set<String> others = new HashSet<>();
    for (DataSource source : sources.get()) {
      try (Connection connection = source.getConnection();
          ResultSet relations =
              connection.getMetaData().getTables(connection.getCatalog(), null, "%", RELATIONS)) {
        while (relations.next()) {
          boolean table = TABLES.contains(relations.getString("TABLE_TYPE"));
          (table ? tables : others).add(DataTags.bare(relations.getString("TABLE_NAME")));
        }
      } catch (SQLException | RuntimeException failure) {
        LOG.warn(
            "The tables of a database could not be listed: no value that read them is shared",
            failure);
      }
    }
    tables.removeAll(others);
    return Set.copyOf(tables);
  }
}
