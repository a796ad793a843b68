package larder.cache.log.node;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import larder.cache.log.LogRecord;
import larder.cache.log.LogRecord.Everything;
import larder.cache.log.LogRecord.Invalidation;
import larder.cache.log.Tags;
import larder.cache.log.TransactionId;
import org.jspecify.annotations.Nullable;

/**
 * Changes that this node has made and cannot yet find in the log.
 *
 * <p>The append was not answered: it may have happened, may happen later, or never. Until that is
 * settled this node trusts nothing that carries one of the tags, except its own loads that read
 * nothing before the change was visible. A change is settled
 *
 * <ul>
 *   <li>tag by tag, as records of its transaction that name the tag are applied. One record of the
 *       transaction is not enough, because relay and fast path know different tags;
 *   <li>when a record equal to it, sent after the change was visible, is answered and applied;
 *   <li>when a claim that vouches for the database passes the moment the change was visible. A
 *       claim that vouches for the log alone settles nothing: without an outbox, the node has to
 *       append {@link #outstanding()} again.
 * </ul>
 *
 * <p>Beyond a number of changes they melt into one that touches everything.
 *
 * <p>One thread at a time writes, any number read: the array is replaced, never altered. A change
 * leaves it only after the horizon was raised; whoever reads this first and the horizon after it
 * finds the change in one of them.
 */
final class Unacknowledged {

  private static final Doubt[] NONE = {};

  private record Doubt(LogRecord record, Tags open, long committedNanos) {

    boolean touches(Stamp stamp) {
      return (record instanceof Everything || open.intersects(stamp.tags()))
          && !stamp.readAfter(committedNanos);
    }

    /** This doubt, extended by what another leaves open. */
    Doubt with(Doubt other) {
      boolean later = other.committedNanos - committedNanos > 0;
      return new Doubt(record, open.and(other.open), later ? other.committedNanos : committedNanos);
    }

    boolean isOf(TransactionId transaction) {
      return record instanceof Invalidation told && transaction.equals(told.transaction());
    }

    boolean isOpen() {
      return record instanceof Everything || !open.isEmpty();
    }
  }

  private final int capacity;
  private volatile Doubt[] doubts = NONE;

  /** Room for so many changes one by one. */
  Unacknowledged(int capacity) {
    this.capacity = capacity;
  }

  /** Whether a value may be stale by a change that is not settled. */
  boolean touches(Stamp stamp) {
    for (Doubt doubt : doubts) {
      if (doubt.touches(stamp)) {
        return true;
      }
    }
    return false;
  }

  /** Adds a change, of which only {@code open} is not yet applied. */
  void add(LogRecord record, Tags open, long committedNanos) {
    Doubt added = new Doubt(record, open, committedNanos);
    if (added.isOpen()) {
      List<Doubt> more = new ArrayList<>();
      for (Doubt doubt : doubts) {
        if (doubt.record.equals(record)) {
          added = added.with(doubt);
        } else {
          more.add(doubt);
        }
      }
      more.add(added);
      doubts = more.size() <= capacity ? more.toArray(Doubt[]::new) : melted(more);
    }
  }

  private static Doubt[] melted(List<Doubt> all) {
    Doubt one = new Doubt(Everything.RECORD, Tags.NONE, all.get(0).committedNanos);
    for (Doubt doubt : all) {
      one = one.with(doubt);
    }
    return new Doubt[] {one};
  }

  /** Settles these tags of a transaction, which have been applied. */
  void applied(TransactionId transaction, Tags tags) {
    replace(
        doubt ->
            doubt.isOf(transaction)
                ? new Doubt(doubt.record, doubt.open.without(tags), doubt.committedNanos)
                : doubt);
  }

  /** Settles the changes that an applied record tells of. */
  void answered(Sending sending) {
    replace(
        doubt ->
            doubt.record.equals(sending.record()) && sending.sentNanos() - doubt.committedNanos >= 0
                ? null
                : doubt);
  }

  /** Settles what was visible before this instant; all of that is applied. */
  void passed(long currentAsOf) {
    replace(doubt -> currentAsOf - doubt.committedNanos > 0 ? null : doubt);
  }

  private void replace(UnaryOperator<@Nullable Doubt> change) {
    if (doubts.length > 0) {
      doubts =
          Stream.of(doubts)
              .map(change)
              .filter(doubt -> doubt != null && doubt.isOpen())
              .toArray(Doubt[]::new);
    }
  }

  /** Whether nothing is unsettled. */
  boolean isEmpty() {
    return doubts.length == 0;
  }

  /** The changes to append again, as they were known to be visible. */
  List<Outstanding> outstanding() {
    List<Outstanding> all = new ArrayList<>();
    for (Doubt doubt : doubts) {
      all.add(new Outstanding(doubt.record, doubt.committedNanos));
    }
    return all;
  }
}
