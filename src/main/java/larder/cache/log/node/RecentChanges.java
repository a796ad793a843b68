package larder.cache.log.node;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import larder.cache.log.LogRecord.Everything;

/**
 * This node's own changes that stand in the history it follows, and that no claim has passed yet.
 *
 * <p>An acknowledgement is worth something in its own history only. A node that writes to one
 * server while it already asks another may adopt a history that lacks the record, in which others
 * have loaded values before the change. A claim made in the new history after the change covers it;
 * an earlier one does not, and the poll that brings the new history may have been sent before the
 * change. So what is found here when a history is adopted is unacknowledged again.
 *
 * <p>Beyond a number of changes they melt into one. Not safe for several threads.
 */
final class RecentChanges {

  private final int capacity;
  private final Deque<Outstanding> changes = new ArrayDeque<>();

  /** Room for so many changes one by one. */
  RecentChanges(int capacity) {
    this.capacity = capacity;
  }

  /** Adds a change that was acknowledged. */
  void add(Outstanding change) {
    changes.addLast(change);
    if (changes.size() > capacity) {
      long latest = change.committedNanos();
      for (Outstanding other : changes) {
        latest = other.committedNanos() - latest > 0 ? other.committedNanos() : latest;
      }
      changes.clear();
      changes.add(new Outstanding(Everything.RECORD, latest));
    }
  }

  /** Forgets what a claim has passed. */
  void passed(long currentAsOf) {
    changes.removeIf(change -> currentAsOf - change.committedNanos() > 0);
  }

  /** Hands over all changes and forgets them. */
  void drainTo(Consumer<Outstanding> receiver) {
    changes.forEach(receiver);
    changes.clear();
  }
}
