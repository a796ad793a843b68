package larder.cache.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import javax.sql.DataSource;
import larder.cache.tracking.DataTags;
import larder.cache.tracking.Relations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * The tables that the databases list as such. Whatever else goes by a name, such as a view or a
 * foreign table, is not known: its changes go by other names.
 *
 * <p>Listed when the application starts, and again in the background, at most twice a minute, while
 * they are asked for: a migration may have made one, or a view of one. Thread-safe.
 */
public final class DatabaseRelations implements Relations, SmartInitializingSingleton {

  private static final Logger log = LoggerFactory.getLogger(DatabaseRelations.class);
  private static final long SELDOM_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long SOON_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final Set<String> TABLES = Set.of("TABLE", "BASE TABLE", "PARTITIONED TABLE");
  private static final String[] RELATIONS = {
    "TABLE", "BASE TABLE", "PARTITIONED TABLE", "VIEW", "MATERIALIZED VIEW", "FOREIGN TABLE"
  };

  private final Supplier<List<DataSource>> sources;
  private final AtomicLong dueNanos = new AtomicLong(System.nanoTime());
  private volatile Set<String> known = Set.of();

  /**
   * @param sources asked whenever the tables are listed
   */
  public DatabaseRelations(Supplier<List<DataSource>> sources) {
    this.sources = sources;
  }

  @Override
  public void afterSingletonsInstantiated() {
    dueNanos.set(System.nanoTime() + SELDOM_NANOS);
    list();
  }

  @Override
  public Set<String> behind(String name) {
    listIfDue();
    String bare = DataTags.bare(name);
    return known.contains(bare) ? Set.of(bare) : Set.of();
  }

  private void listIfDue() {
    long due = dueNanos.get();
    long now = System.nanoTime();
    if (now - due >= 0 && dueNanos.compareAndSet(due, now + SELDOM_NANOS)) {
      Thread lister = new Thread(this::list, "larder-relations");
      lister.setDaemon(true);
      lister.start();
    }
  }

  private void list() {
    Set<String> tables = new HashSet<>();
    Set<String> others = new HashSet<>();
    for (DataSource source : sources()) {
      try (Connection connection = source.getConnection()) {
        list(connection, tables, others);
      } catch (SQLException | RuntimeException failure) {
        log.warn(
            "The tables of a database could not be listed: values that read others than the {}"
                + " known before are not shared",
            known.size(),
            failure);
        tables.addAll(known);
        dueNanos.set(System.nanoTime() + SOON_NANOS);
      }
    }
    tables.removeAll(others);
    known = Set.copyOf(tables);
  }

  private List<DataSource> sources() {
    try {
      return sources.get();
    } catch (RuntimeException failure) {
      log.warn("The databases could not be found: no value that reads them is shared", failure);
      return List.of();
    }
  }

  private static void list(Connection connection, Set<String> tables, Set<String> others)
      throws SQLException {
    try (ResultSet relations =
        connection.getMetaData().getTables(connection.getCatalog(), null, "%", RELATIONS)) {
      while (relations.next()) {
        boolean table = TABLES.contains(relations.getString("TABLE_TYPE"));
        (table ? tables : others).add(DataTags.bare(relations.getString("TABLE_NAME")));
      }
    }
  }
}
