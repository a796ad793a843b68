package larder.cache.transaction;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import larder.cache.log.TagNames;
import larder.cache.tracking.DataTags;
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

  private static final int MOST_SAID = 100;

  private final CacheTransactions transactions;
  private final TagNames names;
  private final Writes committed = new Committed();

  /** What was said once. */
  private final Set<String> said = ConcurrentHashMap.newKeySet();

  /**
   * @param names takes the tags of what is written, for people who look
   */
  public TrackedWrites(CacheTransactions transactions, TagNames names) {
    this.transactions = transactions;
    this.names = names;
  }

  @Override
  public void row(String table, String id, boolean newKey) {
    nameRow(table, id);
    seen(reads -> reads.row(table, id));
    told(() -> transactions.wroteRow(table, id, newKey));
  }

  @Override
  public void table(String table) {
    nameTable(table);
    seen(reads -> reads.table(table));
    told(() -> transactions.wroteTable(table));
  }

  @Override
  public void unknown(String what) {
    told(transactions::wroteUnknown);
    if (!transactions.areHeardByTriggers() && said.size() < MOST_SAID && said.add(what)) {
      log.warn(
          "A transaction may have written what nobody can name, so entries are not told of it: {}."
              + " Add @CacheEvict to the method, or the outbox to the database",
          what);
    }
  }

  @Override
  public Writes committed() {
    return committed;
  }

  /** What is committed already is published at once. */
  private final class Committed implements Writes {

    @Override
    public void row(String table, String id, boolean newKey) {
      nameRow(table, id);
      seen(reads -> reads.row(table, id));
      told(() -> transactions.committedRow(table, id, newKey));
    }

    @Override
    public void table(String table) {
      nameTable(table);
      seen(reads -> reads.table(table));
      told(() -> transactions.committedTables(List.of(table)));
    }

    @Override
    public void tables(Collection<String> tables) {
      tables.forEach(TrackedWrites.this::nameTable);
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

  private void nameRow(String table, String id) {
    names.note(DataTags.row(table, id));
    nameTable(table);
  }

  private void nameTable(String table) {
    names.note(DataTags.table(table));
    names.note(DataTags.all(table));
    names.note(DataTags.keys(table));
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
