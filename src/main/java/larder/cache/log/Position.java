package larder.cache.log;

/**
 * A place in the log: the history it belongs to, and the number of the record there.
 *
 * <p>Two positions of different epochs tell nothing of each other's records. Their order is only
 * the order in which a reader's cursor meets them.
 *
 * @param epoch the history; grows with each new one, 0 before any
 * @param n the number of the record, 0 before the first
 */
public record Position(long epoch, long n) implements Comparable<Position> {

  /** The position of a reader that has met no history yet. */
  public static final Position NOWHERE = new Position(0, 0);

  /** Rejects what no log can hold. */
  public Position {
    if (epoch < 0 || n < 0) {
      throw new IllegalArgumentException(
          "A position must not be negative, was: " + epoch + "-" + n);
    }
  }

  /** Whether everything up to {@code other} lies at or before this position, in one history. */
  public boolean reaches(Position other) {
    return epoch == other.epoch && n >= other.n;
  }

  @Override
  public int compareTo(Position other) {
    return epoch != other.epoch ? Long.compare(epoch, other.epoch) : Long.compare(n, other.n);
  }

  /** The position in the form of a stream id, such as {@code 17-4}. */
  @Override
  public String toString() {
    return epoch + "-" + n;
  }

  /** The position that a stream id names; the opposite of {@link #toString()}. */
  public static Position parse(String id) {
    int dash = id.indexOf('-');
    if (dash < 0) {
      throw new IllegalArgumentException("A position must read <epoch>-<n>, was: " + id);
    }
    return new Position(
        Long.parseLong(id, 0, dash, 10), Long.parseLong(id, dash + 1, id.length(), 10));
  }
}
