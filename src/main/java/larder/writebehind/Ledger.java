package larder.writebehind;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What the database remembers of a buffer: how far each partition is written, and what could not
 * be.
 *
 * <p>Table {@code larder_writebehind_ledger}: a row for each epoch of a partition with the last id
 * that was written or buried, and one with an empty epoch, which is locked by who writes. A
 * transaction of a batch locks, reads how far it is, writes what is beyond, and moves on; so no
 * entry is written twice, whoever reads it from Redis how often.
 */
final class Ledger {

  private static final String LIMIT =
      "select set_config('idle_in_transaction_session_timeout', ?, true)";

  private static final String LOCK =
      """
      select 1 from larder_writebehind_ledger
      where buffer = ? and part = ? and epoch = '' for update nowait
      """;

  private static final String BEGIN =
      """
      insert into larder_writebehind_ledger (buffer, part, epoch) values (?, ?, '')
      on conflict do nothing
      """;

  private static final String READ =
      "select epoch, last_id from larder_writebehind_ledger where buffer = ? and part = ?";

  private static final String ADVANCE =
      """
      insert into larder_writebehind_ledger (buffer, part, epoch, last_id, applied, at)
      values (?, ?, ?, ?, ?, now())
      on conflict (buffer, part, epoch) do update set
        last_id = excluded.last_id,
        applied = larder_writebehind_ledger.applied + excluded.applied,
        at = excluded.at
      """;

  private static final String BURY =
      """
      insert into larder_writebehind_dead (buffer, part, epoch, entry, payload, error)
      values (?, ?, ?, ?, ?, ?)
      """;

  private static final String INSTALLED =
      """
      select to_regclass('larder_writebehind_ledger') is not null
        and to_regclass('larder_writebehind_dead') is not null
      """;

  private static final String APPLIED =
      "select coalesce(sum(applied), 0) from larder_writebehind_ledger where buffer = ?";

  private final JdbcTemplate database;
  private final String idle;

  /**
   * @param idle how long a transaction may stand still before the database ends it, so that a
   *     paused node keeps nobody from its partition
   */
  Ledger(JdbcTemplate database, Duration idle) {
    this.database = database;
    this.idle = idle.toMillis() + "ms";
  }

  /** Whether the tables are there. */
  boolean isInstalled() {
    return Boolean.TRUE.equals(database.queryForObject(INSTALLED, Boolean.class));
  }

  /** Returns how many writes of a buffer were ever applied, by all nodes. */
  long applied(String buffer) {
    Long applied = database.queryForObject(APPLIED, Long.class, buffer);
    return applied == null ? 0 : applied;
  }

  /**
   * Locks a partition until the transaction ends, and returns the last id of each epoch.
   *
   * <p>Two statements: what is read must have been committed before the lock was had.
   *
   * @throws PessimisticLockingFailureException if another transaction has it
   */
  Map<String, StreamId> lock(Partition partition) {
    String buffer = partition.buffer();
    int part = partition.number();
    database.queryForList(LIMIT, String.class, idle);
    if (database.queryForList(LOCK, Integer.class, buffer, part).isEmpty()) {
      database.update(BEGIN, buffer, part);
      database.queryForList(LOCK, Integer.class, buffer, part);
    }
    Map<String, StreamId> last = new HashMap<>();
    database.query(
        READ,
        row -> {
          last.put(row.getString(1), StreamId.parse(row.getString(2)));
        },
        buffer,
        part);
    return last;
  }

  /** Writes down the last id of an epoch, and how many entries were written with it. */
  void advance(Partition partition, String epoch, StreamId last, int applied) {
    database.update(
        ADVANCE, partition.buffer(), partition.number(), epoch, last.toString(), applied);
  }

  /** Puts entries aside that cannot be written. */
  void bury(Partition partition, List<Entry> entries, String error) {
    for (Entry entry : entries) {
      database.update(
          BURY,
          partition.buffer(),
          partition.number(),
          entry.epoch(),
          entry.id().toString(),
          entry.payload(),
          error);
    }
  }
}
