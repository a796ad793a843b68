package larder.cache.log;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What one numbered entry of the log says. */
public sealed interface LogRecord {

  /**
   * Values that carry one of these tags and were read before this record may be stale.
   *
   * @param tags what changed
   * @param transaction the committed change that this record tells of; null when it is not known to
   *     have been visible before the record
   * @param author who made it known, for people who look; null if the record does not say
   */
  record Invalidation(Tags tags, @Nullable TransactionId transaction, @Nullable Author author)
      implements LogRecord {

    /** A record that does not say whose it is. */
    public Invalidation(Tags tags, @Nullable TransactionId transaction) {
      this(tags, transaction, null);
    }

    /** Two records that tell the same are equal, whoever made them known. */
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Invalidation told
          && tags.equals(told.tags)
          && Objects.equals(transaction, told.transaction);
    }

    @Override
    public int hashCode() {
      return Objects.hash(tags, transaction);
    }
  }

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
