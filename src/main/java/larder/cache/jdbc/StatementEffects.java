package larder.cache.jdbc;

import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import larder.cache.sql.SqlEffect;
import larder.cache.sql.SqlEffects;
import larder.cache.sql.SqlText;
import larder.cache.tracking.Reads;
import larder.cache.tracking.Relations;
import larder.cache.tracking.Writes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * What plain statements read and write, by their text, told to the load and to the transaction of
 * the thread that runs them. Never throws. Thread-safe.
 */
public final class StatementEffects {

  private static final Logger log = LoggerFactory.getLogger(StatementEffects.class);

  private final SqlEffects sql = new SqlEffects();
  private final Supplier<Relations> relations;
  private final Supplier<Writes> writes;

  /**
   * @param relations asked for at the first read
   * @param writes asked for at the first write
   */
  public StatementEffects(Supplier<Relations> relations, Supplier<Writes> writes) {
    this.relations = relations;
    this.writes = writes;
  }

  /** The end of a statement's own transaction, which takes what it has written. */
  @FunctionalInterface
  interface End {

    /** Tells now, or when the statement's transaction is committed. */
    void tell(Writes writes, Consumer<Writes> written);
  }

  /** A statement has been run in this thread, whatever came of it. */
  void ran(String text, End end) {
    Reads reads = Reads.current();
    try {
      if (reads != null) {
        read(sql.of(text), text, reads);
      }
      if (sql.mayChange(text)) {
        write(sql.of(text), text, end);
      }
    } catch (RuntimeException e) {
      log.warn("What a statement read or wrote is not known to the caches", e);
      unknown("a statement that could not be followed");
    }
  }

  /** Something was done in this thread whose effects nobody can see. */
  static void unknown(String what) {
    Reads reads = Reads.current();
    if (reads != null) {
      reads.unknown(what);
    }
  }

  private void read(SqlEffect effect, String text, Reads reads) {
    for (String table : effect.tables()) {
      Set<String> behind = relations.get().behind(table);
      behind.forEach(reads::table);
      if (behind.isEmpty()) {
        reads.unknown(table + ", which is no table of this database as far as is known");
      }
    }
    if (effect.doubt() != null) {
      reads.unknown("statement: " + SqlText.shortened(text) + " (" + effect.doubt() + ")");
    }
  }

  private void write(SqlEffect effect, String text, End end) {
    for (String table : effect.written()) {
      end.tell(writes.get(), told -> told.table(table));
      for (String behind : relations.get().behind(table)) {
        end.tell(writes.get(), told -> told.table(behind));
      }
    }
    boolean readOnly = TransactionSynchronizationManager.isCurrentTransactionReadOnly();
    if (effect.doubt() != null && !readOnly) {
      end.tell(writes.get(), told -> told.unknown("statement: " + SqlText.shortened(text)));
    }
  }
}
