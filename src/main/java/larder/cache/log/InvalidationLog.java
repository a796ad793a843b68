package larder.cache.log;

import java.time.Duration;
import java.util.List;
import larder.cache.log.LogRecord.Heartbeat;

/**
 * The store that keeps the log: one sequence of numbered records, cut at a set length.
 *
 * <p>Each operation happens at one moment, on the one copy of the log that takes writes. It may
 * happen late, when the caller no longer waits, and more than once; both are harmless. An exception
 * leaves open whether it happened.
 *
 * <h2>Numbers and epochs</h2>
 *
 * Within an epoch the numbers are contiguous and begin with 1, the record {@link
 * LogRecord.Everything} that opens it. A new epoch is greater than the old one and than every epoch
 * that a caller has named, so that a cursor crosses from one history to the next by itself. An
 * append or a heartbeat first opens a new epoch when the history cannot be the one that callers
 * know:
 *
 * <ul>
 *   <li>counter or epoch are gone (a wiped store), or the last record is (a poll that finds nothing
 *       would prove that it never was),
 *   <li>the store is not the one that opened the epoch (a promoted replica, a restart), whose tail
 *       may be lost,
 *   <li>the caller has seen a later position than the log's own end.
 * </ul>
 *
 * Looking and opening are one atomic step, so that of two callers who notice the same only one
 * opens. An epoch also carries a random part: clocks and what callers have seen do not suffice to
 * tell two histories apart, when a server whose clock is behind is wiped between two openings.
 */
public interface InvalidationLog {

  /**
   * Appends a record and returns it with everything between {@code seen} and itself.
   *
   * @param seen the caller's position
   */
  Appended append(Position seen, LogRecord record);

  /**
   * Appends a heartbeat, unless the log is in another epoch than the heartbeat's own position, or
   * knows a later timeline of the heartbeat's source. A later timeline than the one known opens a
   * new epoch, and refuses.
   *
   * @param seen the caller's position
   */
  Appended heartbeat(Position seen, Heartbeat heartbeat);

  /**
   * Returns the kept records after {@code cursor}, of its epoch and of later ones, and changes
   * nothing. Throws if the answer comes from another copy of the log than the one before: what the
   * two prove must not be mixed.
   *
   * @param limit how many records at most; a reply of that many counts as truncated
   */
  Polled poll(Position cursor, int limit);

  /**
   * Waits for records behind {@code position} and returns them, none after a while.
   *
   * <p>It is for speed alone and proves nothing: the answer may come from another copy of the log
   * than the last poll's.
   *
   * @param limit how many records at most
   * @param longest longest wait, positive
   */
  List<LogEntry> await(Position position, int limit, Duration longest);
}
