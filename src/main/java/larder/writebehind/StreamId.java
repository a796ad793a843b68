package larder.writebehind;

import java.util.Comparator;

/**
 * The id of an entry of a stream: two unsigned numbers.
 *
 * @param milli the first, the server's time when it was written by a script of ours
 * @param sequence the second
 */
record StreamId(long milli, long sequence) implements Comparable<StreamId> {

  /** Before every entry. */
  static final StreamId ZERO = new StreamId(0, 0);

  private static final Comparator<StreamId> ORDER =
      Comparator.comparing(StreamId::milli, Long::compareUnsigned)
          .thenComparing(StreamId::sequence, Long::compareUnsigned);

  static StreamId parse(String text) {
    int dash = text.indexOf('-');
    return new StreamId(
        Long.parseUnsignedLong(text.substring(0, dash)),
        Long.parseUnsignedLong(text.substring(dash + 1)));
  }

  @Override
  public int compareTo(StreamId other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return Long.toUnsignedString(milli) + "-" + Long.toUnsignedString(sequence);
  }
}
