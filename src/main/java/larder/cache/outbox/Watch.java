package larder.cache.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import larder.cache.LarderProperties.Triggers;
import larder.cache.tracking.DataTags;
import larder.cache.tracking.MappedTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The look at the triggers: which mapped tables have them all, and what to do about the others.
 *
 * <p>A table is watched if it, its partitions and whatever else inherits from it have both
 * triggers, with the arguments that its mapping asks for, enabled for every session. One query
 * tells. Missing triggers are created, table by table, each in a short transaction under a lock
 * that other nodes respect; if that is not allowed, what a database administrator has to run is
 * said once.
 *
 * <p>Values that were taken for known while changes went untold are condemned: whenever a table
 * begins or ceases to be watched, or consists of other relations than at the last look (a partition
 * that came or went, a table swapped by another that is watched too), its tags are told. Used by
 * one thread.
 */
final class Watch {

  private static final Logger log = LoggerFactory.getLogger(Watch.class);

  private static final String LOOK =
      """
      with recursive mapped as (
        select m.name, m.arguments, to_regclass(m.name)::oid as id
        from unnest(?::text[], ?::text[]) m (name, arguments)),
      tree as (
        select name, arguments, id, 0 as depth from mapped where id is not null
        union all
        select t.name, t.arguments, i.inhrelid, t.depth + 1
        from tree t join pg_inherits i on i.inhparent = t.id)
      select t.name, c.oid::regclass::text, c.relkind in ('r', 'p'), c.relispartition and t.depth > 0, c.oid::bigint,
        c.relkind in ('r', 'p') and 2 = (
          select count(*) from pg_trigger g
          where g.tgrelid = c.oid and g.tgenabled = 'A'
            and g.tgqual is null and g.tgattr::text = ''
            and encode(g.tgargs, 'escape') = t.arguments
            and (g.tgname = 'larder_outbox_row' and g.tgtype = 29
                and g.tgfoid = to_regproc('larder_outbox_row')
              or g.tgname = 'larder_outbox_truncate' and g.tgtype = 32
                and g.tgfoid = to_regproc('larder_outbox_truncate')))
      from tree t join pg_class c on c.oid = t.id
      order by t.depth, 2
      """;

  /** A relation of a mapped table's tree, as the catalog shows it. */
  private record Relation(
      String name, boolean table, boolean partition, long id, boolean watched) {}

  private final Supplier<List<MappedTable>> tables;
  private final Triggers triggers;
  private final WatchedTables watched;
  private boolean looked;
  private Set<String> said = Set.of();

  /** The relations that each table consisted of at the last look, by its bare name. */
  private Map<String, Set<Long>> consisted = Map.of();

  /** Tags that could not be told yet. */
  private final Set<String> untold = new TreeSet<>();

  /**
   * @param tables what should be watched
   * @param triggers what to do where it is not
   * @param watched takes the outcome
   */
  Watch(Supplier<List<MappedTable>> tables, Triggers triggers, WatchedTables watched) {
    this.tables = tables;
    this.triggers = triggers;
    this.watched = watched;
  }

  /** Looks, creates what is missing if it may, and says what is not watched when that changes. */
  void look(Connection connection) throws SQLException {
    List<MappedTable> mapped = tables.get();
    Map<String, List<Relation>> found = relations(connection, mapped);
    if (triggers == Triggers.CREATE && create(connection, mapped, found)) {
      found = relations(connection, mapped);
    }
    note(connection, mapped, found);
  }

  private static Map<String, List<Relation>> relations(
      Connection connection, List<MappedTable> mapped) throws SQLException {
    Map<String, List<Relation>> relations = new LinkedHashMap<>();
    Object[] names = mapped.stream().map(MappedTable::name).toArray();
    Object[] arguments = mapped.stream().map(m -> new TableTriggers(m).stored()).toArray();
    try (PreparedStatement look = connection.prepareStatement(LOOK)) {
      look.setArray(1, connection.createArrayOf("text", names));
      look.setArray(2, connection.createArrayOf("text", arguments));
      try (ResultSet rows = look.executeQuery()) {
        while (rows.next()) {
          relations
              .computeIfAbsent(rows.getString(1), unused -> new ArrayList<>())
              .add(
                  new Relation(
                      rows.getString(2),
                      rows.getBoolean(3),
                      rows.getBoolean(4),
                      rows.getLong(5),
                      rows.getBoolean(6)));
        }
      }
    }
    return relations;
  }

  private static boolean isWatched(MappedTable table, Map<String, List<Relation>> found) {
    List<Relation> tree = found.getOrDefault(table.name(), List.of());
    return !tree.isEmpty() && tree.stream().allMatch(Relation::watched);
  }

  /** Creates what is missing, and returns whether it changed anything. */
  private static boolean create(
      Connection connection, List<MappedTable> mapped, Map<String, List<Relation>> found)
      throws SQLException {
    boolean changed = false;
    for (MappedTable table : mapped) {
      List<String> missing = missing(table, found);
      if (!missing.isEmpty()) {
        changed |= create(connection, table, missing);
      }
    }
    return changed;
  }

  /** Returns what would make a table watched; nothing if that cannot be. */
  private static List<String> missing(MappedTable table, Map<String, List<Relation>> found) {
    List<Relation> tree = found.getOrDefault(table.name(), List.of());
    if (!tree.stream().allMatch(Relation::table)) {
      return List.of();
    }
    TableTriggers triggers = new TableTriggers(table);
    return tree.stream()
        .filter(relation -> !relation.watched())
        .flatMap(relation -> triggers.create(relation.name(), relation.partition()).stream())
        .toList();
  }

  private static boolean create(Connection connection, MappedTable table, List<String> missing)
      throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("set local lock_timeout = '2s'");
      statement.execute("select pg_advisory_xact_lock(hashtext('larder_outbox'))");
      for (String sql : missing) {
        statement.execute(sql);
      }
      OutboxTables.tell(connection, new TableTriggers(table).tags());
      connection.commit();
      log.info("Table {} is watched from now on", table.name());
      return true;
    } catch (SQLException e) {
      connection.rollback();
      log.debug("No triggers could be created on {}", table.name(), e);
      return false;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private void note(
      Connection connection, List<MappedTable> mapped, Map<String, List<Relation>> found)
      throws SQLException {
    Set<String> unwatched = new TreeSet<>();
    Set<String> names = new HashSet<>();
    Map<String, Set<String>> tags = new TreeMap<>();
    Map<String, Set<Long>> consists = new HashMap<>();
    for (MappedTable table : mapped) {
      String bare = DataTags.bare(table.name());
      names.add(bare);
      tags.computeIfAbsent(bare, unused -> new TreeSet<>()).addAll(new TableTriggers(table).tags());
      Set<Long> ids = consists.computeIfAbsent(bare, unused -> new HashSet<>());
      found.getOrDefault(table.name(), List.of()).forEach(relation -> ids.add(relation.id()));
      if (!isWatched(table, found)) {
        unwatched.add(bare);
      }
    }
    names.removeAll(unwatched);
    Set<String> changed = new TreeSet<>(tags.keySet());
    Set<String> before = watched.names();
    changed.removeIf(
        name ->
            before.contains(name) == names.contains(name)
                && Objects.equals(consisted.get(name), consists.get(name)));
    watched.set(names);
    consisted = consists;
    tellChanged(connection, changed, tags);
    say(mapped, found, unwatched);
  }

  /** Condemns what was read of tables that are not what they were at the last look. */
  private void tellChanged(
      Connection connection, Set<String> changed, Map<String, Set<String>> tags)
      throws SQLException {
    if (looked) {
      changed.forEach(name -> untold.addAll(tags.getOrDefault(name, Set.of())));
    }
    looked = true;
    if (!untold.isEmpty()) {
      OutboxTables.tell(connection, untold);
      untold.clear();
    }
  }

  private void say(
      List<MappedTable> mapped, Map<String, List<Relation>> found, Set<String> unwatched) {
    if (unwatched.equals(said)) {
      return;
    }
    said = unwatched;
    if (unwatched.isEmpty()) {
      log.info("All {} mapped tables are watched", mapped.size());
      return;
    }
    log.warn(
        "Tables without live triggers: {}. What is read from them is kept only by the node that"
            + " loaded it, and only within the bound.{}",
        String.join(", ", unwatched),
        remedy(mapped, found));
  }

  private static String remedy(List<MappedTable> mapped, Map<String, List<Relation>> found) {
    String sql =
        mapped.stream()
            .filter(table -> !missing(table, found).isEmpty())
            .flatMap(
                table ->
                    java.util.stream.Stream.concat(
                        missing(table, found).stream(),
                        java.util.stream.Stream.of(new TableTriggers(table).tell())))
            .collect(Collectors.joining(";\n  "));
    return sql.isEmpty() ? "" : " The owner of the tables has to run:\n  " + sql + ";";
  }
}
