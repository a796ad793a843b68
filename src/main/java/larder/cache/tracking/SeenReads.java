package larder.cache.tracking;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import larder.cache.log.TagNames;

/**
 * What the loads of each cache were seen to read in this process, for people who look.
 *
 * <p>Noted where a method has run, never where a value is found. Thread-safe.
 */
public final class SeenReads {

  /** Of so many tables, and of so many unknown reads, each is remembered. */
  private static final int MOST = 64;

  private final TagNames names;
  private final Map<String, OfCache> caches = new ConcurrentHashMap<>();

  /**
   * @param names takes the tags of what is read
   */
  public SeenReads(TagNames names) {
    this.names = names;
  }

  /**
   * How a table was read.
   *
   * @param table its bare name
   * @param asRows loads whose values depend on single rows of it
   * @param rows how many rows these were, together
   * @param asTable loads whose values depend on the table
   */
  public record TableReads(String table, long asRows, long rows, long asTable) {}

  private static final class Counts {

    final LongAdder asRows = new LongAdder();
    final LongAdder rows = new LongAdder();
    final LongAdder asTable = new LongAdder();
  }

  private static final class OfCache {

    final Map<String, Counts> tables = new ConcurrentHashMap<>();
    final Set<String> unknown = ConcurrentHashMap.newKeySet();
  }

  /** Notes what a load of these caches has read. */
  public void note(Collection<String> readers, Reads reads, Dependencies found) {
    reads.texts().forEach(names::note);
    Map<String, Integer> tables = reads.rowCounts();
    for (String table : tables.keySet()) {
      names.note(DataTags.table(table));
      names.note(DataTags.all(table));
    }
    for (String cache : readers) {
      OfCache seen = caches.computeIfAbsent(cache, unused -> new OfCache());
      tables.forEach((table, rows) -> note(seen, table, rows));
      if (seen.unknown.size() < MOST) {
        seen.unknown.addAll(found.unknown());
      }
    }
  }

  private static void note(OfCache seen, String table, int rows) {
    Counts counts = seen.tables.get(table);
    if (counts == null && seen.tables.size() < MOST) {
      counts = seen.tables.computeIfAbsent(table, unused -> new Counts());
    }
    if (counts != null && rows > 0) {
      counts.asRows.increment();
      counts.rows.add(rows);
    } else if (counts != null) {
      counts.asTable.increment();
    }
  }

  /** Returns the tables that loads of a cache have read, by name. */
  public List<TableReads> tables(String cache) {
    List<TableReads> tables = new ArrayList<>();
    OfCache seen = caches.get(cache);
    if (seen != null) {
      new TreeMap<>(seen.tables)
          .forEach(
              (table, counts) ->
                  tables.add(
                      new TableReads(
                          table, counts.asRows.sum(), counts.rows.sum(), counts.asTable.sum())));
    }
    return tables;
  }

  /** Returns what loads of a cache have read that could not be named; empty if all could. */
  public Set<String> unknown(String cache) {
    OfCache seen = caches.get(cache);
    return seen == null ? Set.of() : new TreeSet<>(seen.unknown);
  }
}
