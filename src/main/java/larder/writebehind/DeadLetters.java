package larder.writebehind;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The writes that were put aside: the table {@code larder_writebehind_dead}.
 *
 * <p>Each method throws {@link DataAccessException} if the database does not answer. Thread-safe.
 */
public final class DeadLetters {

  private static final int RETRY_SECONDS = 10;

  private static final String LIST =
      """
      select id, buffer, error, octet_length(payload) as bytes, died_at
      from larder_writebehind_dead order by id limit ?
      """;

  private static final String COUNT =
      "select buffer, count(*) from larder_writebehind_dead group by buffer";

  private static final String LOCK =
      "select buffer, payload from larder_writebehind_dead where id = ? for update skip locked";

  private static final String DISCARD = "delete from larder_writebehind_dead where id = ?";

  private static final String FAILED =
      "update larder_writebehind_dead set error = ?, died_at = now() where id = ?";

  private static final String OF_BUFFER =
      "select id from larder_writebehind_dead where buffer = ? order by id limit ?";

  /** What has become of a write that is to be tried again. */
  public enum Retried {
    /** It is written, and no longer here. */
    APPLIED,
    /** It has failed again. */
    FAILED,
    /** It is no longer here, or another is at it. */
    GONE
  }

  private final JdbcTemplate database;
  private final TransactionTemplate transactions;
  private final WriteBehindBuffers buffers;

  public DeadLetters(
      JdbcTemplate database, PlatformTransactionManager manager, WriteBehindBuffers buffers) {
    this.database = database;
    this.transactions = Batch.transactions(manager, RETRY_SECONDS);
    this.buffers = buffers;
  }

  /** Returns the oldest of them. */
  public List<DeadLetter> oldest(int most) {
    return database.query(
        LIST,
        (row, number) ->
            new DeadLetter(
                row.getLong("id"),
                row.getString("buffer"),
                row.getString("error"),
                row.getLong("bytes"),
                row.getTimestamp("died_at").toInstant()),
        most);
  }

  /** Returns how many there are of each buffer that has any. */
  public Map<String, Long> counts() {
    Map<String, Long> counts = new TreeMap<>();
    database.query(
        COUNT,
        row -> {
          counts.put(row.getString(1), row.getLong(2));
        });
    return counts;
  }

  /** Writes one of them now, in one transaction with its removal. */
  public Retried retry(long id) {
    try {
      return Boolean.TRUE.equals(transactions.execute(status -> apply(id)))
          ? Retried.APPLIED
          : Retried.GONE;
    } catch (RuntimeException failure) {
      database.update(FAILED, Failures.describe(failure), id);
      return Retried.FAILED;
    }
  }

  private boolean apply(long id) {
    List<Map.Entry<String, byte[]>> found =
        database.query(LOCK, (row, number) -> Map.entry(row.getString(1), row.getBytes(2)), id);
    for (Map.Entry<String, byte[]> dead : found) {
      apply(dead.getKey(), dead.getValue());
      database.update(DISCARD, id);
    }
    return !found.isEmpty();
  }

  private void apply(String name, byte[] payload) {
    RunningBuffer buffer = buffers.find(name);
    if (buffer == null) {
      throw new UnknownBuffer();
    }
    ElementCodec codec = new ElementCodec(buffer.declaration().element());
    buffer.sink().apply(List.of(codec.decode(payload).orElseThrow(Undecodable::new)));
  }

  /** No method of this node has the buffer. */
  private static final class UnknownBuffer extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** The bytes are none of the declared type. */
  private static final class Undecodable extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Tries the oldest of a buffer again, each by itself, and returns how many are now written. */
  public int retryAll(String buffer, int most) {
    int applied = 0;
    for (Long id : database.queryForList(OF_BUFFER, Long.class, buffer, most)) {
      applied += retry(id) == Retried.APPLIED ? 1 : 0;
    }
    return applied;
  }

  /** Removes one for good; false if it is no longer here. */
  public boolean discard(long id) {
    return database.update(DISCARD, id) > 0;
  }
}
