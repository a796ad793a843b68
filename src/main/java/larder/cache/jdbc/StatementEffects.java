package larder.cache.jdbc;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import larder.cache.sql.SqlEffect;
import larder.cache.sql.SqlEffects;
import larder.cache.sql.SqlText;
import larder.cache.tracking.DataTags;
import larder.cache.tracking.Reads;
import larder.cache.tracking.Relations;
import larder.cache.tracking.Writes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * What plain statements read and write, by their text, told to the load and to the transaction of
 * the thread that runs them. Never throws. Thread-safe.
 */
public final class StatementEffects {

  private static final Logger log = LoggerFactory.getLogger(StatementEffects.class);

  /** Tables of tools that no value depends on. */
  private static final Set<String> TOOLS =
      Set.of(
          "flyway_schema_history",
          "larder_outbox",
          "larder_writebehind_ledger",
          "larder_writebehind_dead",
          "larder_fences");

  private final SqlEffects sql = new SqlEffects();
  private final Supplier<Relations> relations;
  private final Supplier<Writes> writes;
  private final Function<String, Set<String>> along;

  /**
   * @param relations asked for at the first read
   * @param writes asked for at the first write
   * @param along gives the tables that change when a table does, such as by cascades
   */
  public StatementEffects(
      Supplier<Relations> relations, Supplier<Writes> writes, Function<String, Set<String>> along) {
    this.relations = relations;
    this.writes = writes;
    this.along = along;
  }

  /** The connection that a statement was run on. */
  interface Connected {

    /** Whether it has a transaction that is neither the thread's nor ends with each statement. */
    boolean hasOwnTransaction();

    /**
     * Tells what was written: now, or when the connection's own transaction is committed.
     *
     * @param tables bare names
     * @param unknown what else may have been written, of which only the thread's own transaction
     *     can take note; null if nothing
     */
    void tell(Writes writes, Set<String> tables, @Nullable String unknown);
  }

  /** A statement has been run in this thread, whatever came of it. */
  void ran(String text, Connected connection) {
    try {
      Reads reads = Reads.ofStatements();
      if (reads != null) {
        read(sql.of(text), text, reads, connection);
      }
      if (sql.mayChange(text)) {
        write(sql.of(text), text, connection);
      }
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      log.warn("What a statement read or wrote is not known to the caches", e);
      unknown("a statement that could not be followed");
    }
  }

  /** Something was done in this thread whose effects nobody can see. */
  static void unknown(String what) {
    Reads reads = Reads.ofStatements();
    if (reads != null) {
      reads.unknown(what);
    }
  }

  private boolean isTable(String name) {
    return !relations.get().behind(name).isEmpty();
  }

  private void read(SqlEffect effect, String text, Reads reads, Connected connection) {
    if (connection.hasOwnTransaction()) {
      reads.keepPrivate();
    }
    for (String table : effect.tables(this::isTable)) {
      Set<String> behind = relations.get().behind(table);
      behind.forEach(reads::table);
      if (behind.isEmpty()) {
        reads.table(table);
        reads.unknown(table + ", which is no table of this database as far as is known");
      }
    }
    if (effect.doubt() != null) {
      reads.unknown("statement: " + SqlText.shortened(text) + " (" + effect.doubt() + ")");
    }
  }

  private void write(SqlEffect effect, String text, Connected connection) {
    Set<String> tables = new LinkedHashSet<>();
    for (String table : effect.written(this::isTable)) {
      String bare = DataTags.bare(table);
      if (!TOOLS.contains(bare)) {
        tables.add(bare);
        along.apply(bare).forEach(other -> tables.add(DataTags.bare(other)));
      }
    }
    boolean doubtful =
        effect.doubt() != null && !TransactionSynchronizationManager.isCurrentTransactionReadOnly();
    if (doubtful || !tables.isEmpty()) {
      connection.tell(
          writes.get(), tables, doubtful ? "statement: " + SqlText.shortened(text) : null);
    }
  }
}
