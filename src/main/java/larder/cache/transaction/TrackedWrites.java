package larder.cache.transaction;

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

  public TrackedWrites(CacheTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public void row(String table, String id) {
    Reads reads = Reads.current();
    if (reads != null) {
      reads.row(table, id);
    }
    told(() -> transactions.wroteRow(table, id));
  }

  @Override
  public void table(String table) {
    Reads reads = Reads.current();
    if (reads != null) {
      reads.table(table);
    }
    told(() -> transactions.wroteTable(table));
  }

  @Override
  public void unknown(String what) {
    told(transactions::wroteUnknown);
  }

  private static void told(Runnable write) {
    try {
      write.run();
    } catch (RuntimeException e) {
      log.warn("A write of the transaction is not known to the caches", e);
    }
  }
}
