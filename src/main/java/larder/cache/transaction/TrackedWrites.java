package larder.cache.transaction;

import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import larder.cache.tracking.Reads;
import larder.cache.tracking.Writes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What transactions write, as changes that are published after the commit.
 *
 * <p>What a load writes itself, its value shows as well: it counts as read.
 */
public final class TrackedWrites implements Writes {

  private static final Logger log = LoggerFactory.getLogger(TrackedWrites.class);

  private final CacheTransactions transactions;
  private final Writes committed = new Committed();

  public TrackedWrites(CacheTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public void row(String table, String id) {
    seen(reads -> reads.row(table, id));
    told(() -> transactions.wroteRow(table, id));
  }

  @Override
  public void table(String table) {
    seen(reads -> reads.table(table));
    told(() -> transactions.wroteTable(table));
  }

  @Override
  public void unknown(String what) {
    told(transactions::wroteUnknown);
  }

  @Override
  public Writes committed() {
    return committed;
  }

  /** What is committed already is published at once. */
  private final class Committed implements Writes {

    @Override
    public void row(String table, String id) {
      seen(reads -> reads.row(table, id));
      told(() -> transactions.committedRow(table, id));
    }

    @Override
    public void table(String table) {
      seen(reads -> reads.table(table));
      told(() -> transactions.committedTables(List.of(table)));
    }

    @Override
    public void tables(Collection<String> tables) {
      seen(reads -> tables.forEach(reads::table));
      told(() -> transactions.committedTables(tables));
    }

    /** What nobody can name, nobody can be told of. */
    @Override
    public void unknown(String what) {}

    @Override
    public Writes committed() {
      return this;
    }
  }

  private static void seen(Consumer<Reads> read) {
    Reads reads = Reads.current();
    if (reads != null) {
      read.accept(reads);
    }
  }

  private static void told(Runnable write) {
    try {
      write.run();
    } catch (RuntimeException | LinkageError e) {
      log.warn("A write of the transaction is not known to the caches", e);
    }
  }
}
