package larder.cache.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import javax.sql.DataSource;
import larder.cache.tracking.DataTags;
import larder.cache.tracking.Relations;
import larder.cache.tracking.UniqueKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * The tables that the databases list as such. Whatever else goes by a name, such as a view or a
 * foreign table, is not known: its changes go by other names.
 *
 * <p>Listed when the application starts, and again in the background, at most twice a minute, while
 * they are asked for: a migration may have made one, or a view of one. The unique keys of a table
 * are listed along from when they are first asked for: those that all tables of its bare name have.
 * Thread-safe.
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
  private final Set<String> asked = ConcurrentHashMap.newKeySet();
  private volatile Known known = new Known(Set.of(), Map.of());

  /** What was listed last. */
  private record Known(Set<String> tables, Map<String, Set<UniqueKey>> keys) {}

  /** A table as the database writes its name. */
  private record Listed(@Nullable String catalog, @Nullable String schema, String table) {}

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
    return known.tables().contains(bare) ? Set.of(bare) : Set.of();
  }

  @Override
  public @Nullable Set<UniqueKey> uniqueKeys(String table) {
    String bare = DataTags.bare(table);
    if (asked.add(bare)) {
      long soon = System.nanoTime() + SOON_NANOS;
      dueNanos.accumulateAndGet(soon, (due, then) -> due - then < 0 ? due : then);
    }
    listIfDue();
    return known.keys().get(bare);
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
    Known before = known;
    Set<String> tables = new HashSet<>();
    Set<String> others = new HashSet<>();
    Map<String, Set<UniqueKey>> keys = new HashMap<>();
    boolean failed = false;
    for (DataSource source : sources()) {
      try (Connection connection = source.getConnection()) {
        listKeys(connection, list(connection, tables, others), keys);
      } catch (SQLException | RuntimeException failure) {
        log.warn(
            "The tables of a database could not be listed: values that read others than the {}"
                + " known before are not shared",
            before.tables().size(),
            failure);
        failed = true;
        tables.addAll(before.tables());
        before.keys().forEach((table, found) -> keys.merge(table, found, DatabaseRelations::both));
        dueNanos.set(System.nanoTime() + SOON_NANOS);
      }
    }
    if (failed) {
      keys.keySet().retainAll(before.keys().keySet());
    }
    tables.removeAll(others);
    keys.keySet().retainAll(tables);
    known = new Known(Set.copyOf(tables), Map.copyOf(keys));
  }

  private List<DataSource> sources() {
    try {
      return sources.get();
    } catch (RuntimeException failure) {
      log.warn("The databases could not be found: no value that reads them is shared", failure);
      return List.of();
    }
  }

  private static List<Listed> list(Connection connection, Set<String> tables, Set<String> others)
      throws SQLException {
    List<Listed> listed = new ArrayList<>();
    try (ResultSet relations =
        connection.getMetaData().getTables(connection.getCatalog(), null, "%", RELATIONS)) {
      while (relations.next()) {
        boolean table = TABLES.contains(relations.getString("TABLE_TYPE"));
        String name = relations.getString("TABLE_NAME");
        (table ? tables : others).add(DataTags.bare(name));
        if (table) {
          listed.add(
              new Listed(
                  relations.getString("TABLE_CAT"), relations.getString("TABLE_SCHEM"), name));
        }
      }
    }
    return listed;
  }

  private void listKeys(
      Connection connection, List<Listed> tables, Map<String, Set<UniqueKey>> keys)
      throws SQLException {
    UniqueIndexes indexes = null;
    for (Listed one : tables) {
      String bare = DataTags.bare(one.table());
      if (asked.contains(bare)) {
        indexes = indexes == null ? UniqueIndexes.of(connection) : indexes;
        keys.merge(
            bare,
            Set.copyOf(indexes.keys(one.catalog(), one.schema(), one.table())),
            DatabaseRelations::both);
      }
    }
  }

  private static Set<UniqueKey> both(Set<UniqueKey> one, Set<UniqueKey> other) {
    Set<UniqueKey> both = new HashSet<>(one);
    both.retainAll(other);
    return Set.copyOf(both);
  }
}
