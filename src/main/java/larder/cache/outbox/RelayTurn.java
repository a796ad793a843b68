package larder.cache.outbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import larder.cache.log.Appended;
import larder.cache.log.Author;
import larder.cache.log.Author.Cause;
import larder.cache.log.LogRecord.Everything;
import larder.cache.log.LogRecord.Heartbeat;
import larder.cache.log.LogRecord.Invalidation;
import larder.cache.log.Position;
import larder.cache.log.Source;
import larder.cache.log.Tags;
import larder.cache.log.TransactionId;
import larder.cache.log.node.LogFollower;
import larder.cache.log.service.LogService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One turn of a relay, in the order from which the bound follows.
 *
 * <ol>
 *   <li>Fix a record that is known to exist: the node's position.
 *   <li>Read, in one statement, the rows that this history of the log has not had.
 *   <li>Append one record for each of their transactions, and have each acknowledged by the very
 *       history that the first step named.
 *   <li>Append the heartbeat, which says that all committed before the fixed record existed stands
 *       in the log before this. The log refuses it in another history, and from a server on a
 *       timeline that another has succeeded.
 *   <li>Move the cursor.
 * </ol>
 *
 * Whatever fails ends the turn there; the next one begins anew, and what it appends once more is
 * known to every node by its transaction.
 *
 * <h2>Histories and cursors</h2>
 *
 * A cursor belongs to one history of one log, by its epoch. In a history without one (a new
 * history, or one that nobody relayed to until its cursor expired) it is not known which commits
 * were told; so the turn says that everything may have changed, <em>after</em> it has taken the
 * snapshot that becomes the cursor: what was committed before is condemned, what commits later will
 * be read. Very many unread rows, as after a long outage, are told in the same way, which bounds a
 * turn.
 */
final class RelayTurn {

  private static final Logger log = LoggerFactory.getLogger(RelayTurn.class);

  private static final long CURSOR_REFRESH_NANOS = Duration.ofSeconds(30).toNanos();

  private final LogService service;
  private final LogFollower follower;
  private final String application;
  private final long heartbeatPauseNanos;

  /** The last heartbeat that the log refused for a later timeline's sake. */
  private @Nullable Heartbeat refused;

  private long movedNanos = System.nanoTime() - CURSOR_REFRESH_NANOS;

  /**
   * @param application what tells this log from others on the database
   * @param heartbeatPauseNanos after a heartbeat, how long a turn that only has news to tell goes
   *     without another
   */
  RelayTurn(
      LogService service, LogFollower follower, String application, long heartbeatPauseNanos) {
    this.service = service;
    this.follower = follower;
    this.application = application;
    this.heartbeatPauseNanos = heartbeatPauseNanos;
  }

  /**
   * Takes a turn. Throws if the database does not answer, or is not the primary any more.
   *
   * @param system the database's name
   * @return why it came to nothing, in a few words; null if it did its work, or if the log has just
   *     begun another history
   */
  @Nullable String take(Connection database, String system) throws SQLException {
    Position known = follower.position();
    Reading found = OutboxTables.read(database, logId(known.epoch()), system);
    if (found.standby()) {
      throw new SQLTransientException("the database is a standby");
    }
    Source source = new Source(system, found.timeline());
    Outcome outcome;
    try {
      outcome = tell(new Heartbeat(known, source), found);
    } catch (RuntimeException e) {
      log.debug("The log did not answer the relay", e);
      return "the log does not answer";
    }
    if (outcome == Outcome.SUCCEEDED) {
      throw new SQLTransientException("another server has succeeded the database");
    }
    if (outcome == Outcome.TOLD && isWorthMoving(found)) {
      OutboxTables.move(database, logId(known.epoch()), system, found);
      movedNanos = System.nanoTime();
    }
    return null;
  }

  private enum Outcome {
    /** All that was found stands in the log. */
    TOLD,
    /** The log has begun another history. */
    OTHER_HISTORY,
    /** The log knows a later timeline of the database. */
    SUCCEEDED
  }

  private Outcome tell(Heartbeat heartbeat, Reading found) {
    long epoch = heartbeat.before().epoch();
    if (refused != null
        && refused.before().epoch() == epoch
        && refused.source().equals(heartbeat.source())) {
      return Outcome.SUCCEEDED;
    }
    boolean joined = epoch != Position.NOWHERE.epoch();
    if (joined && !publish(epoch, found, heartbeat.source())) {
      return Outcome.OTHER_HISTORY;
    }
    if (joined && follower.heardWithin(heartbeatPauseNanos)) {
      return Outcome.TOLD;
    }
    Appended reply = service.beat(heartbeat);
    if (reply.accepted()) {
      return Outcome.TOLD;
    }
    if (reply.position().epoch() != epoch) {
      return Outcome.OTHER_HISTORY;
    }
    refused = heartbeat;
    return Outcome.SUCCEEDED;
  }

  /** Appends what was found, and returns whether all of it stands in this history. */
  private boolean publish(long epoch, Reading found, Source source) {
    if (found.everything()) {
      return service.relay(epoch, Everything.RECORD);
    }
    Author author = new Author(service.nodeName(), Set.of(Cause.OUTBOX));
    for (Map.Entry<Long, OutboxRows> row : found.rows().entrySet()) {
      TransactionId transaction = PostgresOutbox.transaction(source, row.getKey());
      Tags tags = row.getValue().tags();
      if (!follower.hasApplied(epoch, transaction, tags)
          && !service.relay(epoch, new Invalidation(tags, transaction, author))) {
        return false;
      }
    }
    return true;
  }

  private boolean isWorthMoving(Reading found) {
    return found.cursor() == null
        || !found.rows().isEmpty()
        || System.nanoTime() - movedNanos >= CURSOR_REFRESH_NANOS;
  }

  /** Removes what every log has had. */
  void purge(Connection database) throws SQLException {
    OutboxTables.purge(database, logId(follower.position().epoch()));
  }

  /** Returns how many rows this history of the log has not had. */
  long depth(Connection database) throws SQLException {
    return OutboxTables.depth(database, logId(follower.position().epoch()));
  }

  private String logId(long epoch) {
    return application + ":" + epoch;
  }
}
