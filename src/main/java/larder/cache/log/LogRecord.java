package larder.cache.log;

import org.jspecify.annotations.Nullable;

/** What one numbered entry of the log says. */
public sealed interface LogRecord {

  /**
   * Values that carry one of these tags and were read before this record may be stale.
   *
   * @param tags what changed
   * @param transaction the committed change that this record tells of; null when it is not known to
   *     have been visible before the record
   */
  record Invalidation(Tags tags, @Nullable TransactionId transaction) implements LogRecord {}

  /**
   * Everything that {@code source} knew before record {@code before} existed stands in the log
   * before this record.
   *
   * @param before a record that was known to exist before the source was asked
   * @param source what is vouched for
   */
  record Heartbeat(Position before, Source source) implements LogRecord {}

  /**
   * Every value read before this record may be stale. Each history opens with it, and every record
   * that a reader does not understand means it.
   */
  record Everything() implements LogRecord {

    /** The one of its kind that the code needs. */
    public static final Everything RECORD = new Everything();
  }
}
