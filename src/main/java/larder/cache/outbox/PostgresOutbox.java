package larder.cache.outbox;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import larder.cache.jdbc.TrackedDataSource;
import larder.cache.log.Source;
import larder.cache.log.Tags;
import larder.cache.log.TransactionId;
import larder.cache.log.node.LogFollower;
import larder.cache.transaction.Outbox;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The outbox of a PostgreSQL database, written in the transaction that it tells of.
 *
 * <p>One round trip: a savepoint, the statement, and the savepoint's release go together, so that a
 * failure does not doom the transaction. It also keeps the triggers from waking the relays for a
 * transaction whose record this node will append itself.
 */
public final class PostgresOutbox implements Outbox {

  private static final Logger log = LoggerFactory.getLogger(PostgresOutbox.class);

  /** The timeline that a primary writes: the first eight digits of its current segment's name. */
  static final String TIMELINE =
      "('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::bigint";

  /** What triggers have written for the transaction of {@code %s}. */
  private static final String TRIGGERED =
      TIMELINE
          + ", array(select tag from larder_outbox row, unnest(row.tags) tag where row.xid = %1$s),"
          + " case when %1$s is not null then set_config('larder.layer', 'on', true) end";

  /** Writes nothing. A function in the database would take three times as long to say the same. */
  private static final String ASK =
      together(
          "select pg_current_xact_id_if_assigned()::text, "
              + TRIGGERED.formatted("pg_current_xact_id_if_assigned()"));

  /** What a transaction has told must not be lost by a crash after others have seen it. */
  private static final String TELL =
      together(
          "with told as (insert into larder_outbox (hashes, who) values (?, 'layer') returning xid)"
              + " select told.xid::text, "
              + TRIGGERED.formatted("told.xid")
              + ", larder_outbox_durable() from told");

  private final LogFollower follower;
  private final WatchedTables watched;

  /** An outbox of the database that the follower relies on; unused while it relies on none. */
  public PostgresOutbox(LogFollower follower, WatchedTables watched) {
    this.follower = follower;
    this.watched = watched;
  }

  @Override
  public boolean isWatched(String table) {
    return watched.isWatched(table);
  }

  /** Returns the identity of a transaction, the same for whoever tells of it. */
  static TransactionId transaction(Source source, long xid) {
    return new TransactionId("p:" + source.system() + ":" + source.timeline(), xid);
  }

  @Override
  public @Nullable Written write(Connection connection, Tags pending) {
    Source source = follower.relyingOn();
    if (source.isLog() || source.equals(Source.UNKNOWN_DATABASE)) {
      return null;
    }
    Connection plain = TrackedDataSource.untracked(connection);
    try (PreparedStatement statement = plain.prepareStatement(pending.isEmpty() ? ASK : TELL)) {
      if (!pending.isEmpty()) {
        statement.setArray(1, plain.createArrayOf("bigint", numbers(pending)));
      }
      return write(statement, source.system());
    } catch (SQLException | RuntimeException e) {
      log.warn(
          "The outbox does not take what a transaction evicts; if this node dies at the commit,"
              + " those entries live until they expire",
          e);
      return null;
    }
  }

  private static String together(String statement) {
    return "savepoint larder_outbox; " + statement + "; release savepoint larder_outbox";
  }

  private static @Nullable Written write(PreparedStatement statement, String system)
      throws SQLException {
    try {
      statement.execute();
      return written(statement, system);
    } catch (SQLException e) {
      undo(statement.getConnection(), e);
      throw e;
    }
  }

  private static Long[] numbers(Tags tags) {
    Long[] numbers = new Long[tags.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = tags.hash(i);
    }
    return numbers;
  }

  /** Reads the one result with rows among those of the statements. */
  private static @Nullable Written written(Statement statement, String system) throws SQLException {
    Written written = null;
    boolean rows = false;
    while (rows || statement.getUpdateCount() >= 0) {
      if (rows) {
        written = written(system, statement.getResultSet());
      }
      rows = statement.getMoreResults();
    }
    return written;
  }

  private static @Nullable Written written(String system, ResultSet found) throws SQLException {
    if (!found.next() || found.getString(1) == null) {
      return null;
    }
    OutboxRows told = new OutboxRows();
    Array tags = found.getArray(3);
    told.add(tags, null);
    long xid = Long.parseUnsignedLong(found.getString(1));
    return new Written(transaction(new Source(system, found.getLong(2)), xid), told.tags());
  }

  private static void undo(Connection connection, SQLException cause) {
    try (Statement statement = connection.createStatement()) {
      statement.execute("rollback to savepoint larder_outbox");
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }
}
