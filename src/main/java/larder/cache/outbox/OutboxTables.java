package larder.cache.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The two tables of the outbox.
 *
 * <p>A row belongs to a transaction; what has been read of it belongs to a log. A cursor is the
 * {@code pg_snapshot} of the last reading: the next one takes the rows that were not visible in it.
 * So a transaction that commits late, out of order or after it was prepared is never missed, and
 * reading changes no row. A cursor counts only on the server, timeline and database that wrote it,
 * since transactions are numbered anew elsewhere.
 *
 * <p>Each method is one statement, on a connection that commits by itself.
 */
final class OutboxTables {

  /** Beyond so many unread rows a log is told that everything may have changed. */
  static final int MOST_ROWS = 10_000;

  /** How long rows and idle cursors are kept. */
  private static final String KEPT = "interval '10 minutes'";

  private static final String READ =
      """
      select h.standby, coalesce(h.timeline, 0), h.snapshot::text, c.snapshot::text,
             o.xid::text, o.tags, o.hashes
      from (
        select pg_current_snapshot() as snapshot, pg_is_in_recovery() as standby,
               case when not pg_is_in_recovery() then %s end as timeline) h
      left join larder_outbox_cursor c
        on c.log = ? and c.system = ? and c.timeline = h.timeline
      left join lateral (
        select xid, tags, hashes from larder_outbox
        where xid >= pg_snapshot_xmin(c.snapshot)
          and not pg_visible_in_snapshot(xid, c.snapshot)
        limit %d) o on true
      """
          .formatted(PostgresOutbox.TIMELINE, MOST_ROWS + 1);

  private static final String OPEN =
      """
      insert into larder_outbox_cursor (log, system, timeline, snapshot)
      values (?, ?, ?, ?::pg_snapshot)
      on conflict (log) do update set system = excluded.system, timeline = excluded.timeline,
        snapshot = excluded.snapshot, seen = excluded.seen
      """;

  private static final String MOVE =
      """
      update larder_outbox_cursor set snapshot = ?::pg_snapshot, seen = clock_timestamp()
      where log = ? and system = ? and timeline = ? and snapshot::text = ?
      """;

  private static final String EXPIRE =
      "delete from larder_outbox_cursor where log <> ? and seen < clock_timestamp() - " + KEPT;

  private static final String PURGE =
      """
      delete from larder_outbox where at < clock_timestamp() - %s and xid < (
        select pg_snapshot_xmin(snapshot) as oldest from larder_outbox_cursor
        order by oldest limit 1)
      """
          .formatted(KEPT);

  private static final String DEPTH =
      """
      select count(*) from (
        select 1 from larder_outbox o join larder_outbox_cursor c on c.log = ?
        where o.xid >= pg_snapshot_xmin(c.snapshot)
          and not pg_visible_in_snapshot(o.xid, c.snapshot)
        limit %d) unread
      """
          .formatted(MOST_ROWS + 1);

  private static final String TELL =
      "insert into larder_outbox (tags, who, wakes) values (?, 'layer', true)";

  private OutboxTables() {}

  /** Returns what the log has not had. */
  static Reading read(Connection connection, String log, String system) throws SQLException {
    try (PreparedStatement statement = prepared(connection, READ, log, system);
        ResultSet found = statement.executeQuery()) {
      return reading(found);
    }
  }

  private static Reading reading(ResultSet found) throws SQLException {
    Map<Long, OutboxRows> rows = new LinkedHashMap<>();
    int count = 0;
    boolean standby = true;
    long timeline = 0;
    String snapshot = "";
    String cursor = null;
    while (found.next()) {
      standby = found.getBoolean(1);
      timeline = found.getLong(2);
      snapshot = Objects.requireNonNull(found.getString(3));
      cursor = found.getString(4);
      String xid = found.getString(5);
      if (xid != null) {
        count++;
        rows.computeIfAbsent(Long.parseUnsignedLong(xid), unused -> new OutboxRows())
            .add(found.getArray(6), found.getArray(7));
      }
    }
    return new Reading(standby, timeline, snapshot, cursor, rows, count <= MOST_ROWS);
  }

  /**
   * Moves the log's cursor to the snapshot of a reading. One that another relay has moved meanwhile
   * stays where that put it.
   */
  static void move(Connection connection, String log, String system, Reading to)
      throws SQLException {
    String from = to.cursor();
    if (from == null) {
      update(connection, OPEN, log, system, to.timeline(), to.snapshot());
    } else {
      update(connection, MOVE, to.snapshot(), log, system, to.timeline(), from);
    }
  }

  /** Removes cursors that no relay has moved for long, and rows that every cursor has passed. */
  static void purge(Connection connection, String log) throws SQLException {
    update(connection, EXPIRE, log);
    update(connection, PURGE);
  }

  /**
   * Returns how many rows the log has not had, at most one more than a turn reads; 0 if it has no
   * cursor.
   */
  static long depth(Connection connection, String log) throws SQLException {
    try (PreparedStatement statement = prepared(connection, DEPTH, log);
        ResultSet found = statement.executeQuery()) {
      found.next();
      return found.getLong(1);
    }
  }

  /** Writes a row of the layer's own. */
  static void tell(Connection connection, Collection<String> tags) throws SQLException {
    update(connection, TELL, connection.createArrayOf("text", tags.toArray()));
  }

  private static void update(Connection connection, String sql, @Nullable Object... arguments)
      throws SQLException {
    try (PreparedStatement statement = prepared(connection, sql, arguments)) {
      statement.executeUpdate();
    }
  }

  private static PreparedStatement prepared(
      Connection connection, String sql, @Nullable Object... arguments) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < arguments.length; i++) {
      statement.setObject(i + 1, arguments[i]);
    }
    return statement;
  }
}
