package larder.history;

import java.util.Arrays;

/**
 * When the stamps of one row were finished, as far as is known.
 *
 * <p>Stamps are committed in their order. So one that is known to be finished at an instant has all
 * lower ones finished by then, also those of which nobody told: of a write whose outcome is unknown
 * it is enough to know a later one. Kept sorted, a stamp's instant being no later than the next
 * one's. Not thread-safe.
 */
final class Commits {

  /** What is returned when no commit is newer. */
  static final long NONE = Long.MAX_VALUE;

  private long[] stamps = new long[16];
  private long[] finished = new long[16];
  private int size;

  /** Takes note that a stamp was finished at an instant, in any order and more than once. */
  void add(long stamp, long nanos) {
    int at = Arrays.binarySearch(stamps, 0, size, stamp);
    int index = at >= 0 ? at : insert(-at - 1, stamp);
    boolean isNew = at < 0;
    long latest = index + 1 < size ? Math.min(nanos, finished[index + 1]) : nanos;
    finished[index] = isNew ? latest : Math.min(latest, finished[index]);
    for (int i = index - 1; i >= 0 && finished[i] > finished[index]; i--) {
      finished[i] = finished[index];
    }
  }

  private int insert(int index, long stamp) {
    if (size == stamps.length) {
      stamps = Arrays.copyOf(stamps, 2 * size);
      finished = Arrays.copyOf(finished, 2 * size);
    }
    System.arraycopy(stamps, index, stamps, index + 1, size - index);
    System.arraycopy(finished, index, finished, index + 1, size - index);
    stamps[index] = stamp;
    size++;
    return index;
  }

  /**
   * When the oldest commit was finished that is newer than what was seen; {@link #NONE} if none.
   */
  long oldestNewerThan(long seen) {
    int at = Arrays.binarySearch(stamps, 0, size, seen);
    int next = at >= 0 ? at + 1 : -at - 1;
    return next < size ? finished[next] : NONE;
  }

  /** The newest stamp that was finished by an instant; 0 if there is none. */
  long newestBy(long nanos) {
    int next = 0;
    int end = size;
    while (next < end) {
      int middle = (next + end) >>> 1;
      if (finished[middle] <= nanos) {
        next = middle + 1;
      } else {
        end = middle;
      }
    }
    return next == 0 ? 0 : stamps[next - 1];
  }
}
