package larder.cache.value;

import java.nio.ByteBuffer;

/**
 * A number that is not negative, in as many bytes as it needs: seven bits in each, the lowest
 * first; all but the last have their highest bit set.
 */
final class Varint {

  /** Stands for bytes that hold no number. */
  static final long NONE = -1;

  private static final int BITS = 7;
  private static final int MORE = 0x80;

  private Varint() {}

  /** Returns how many bytes a number takes: 1 to 9. */
  static int size(long number) {
    return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(number) + BITS - 1) / BITS);
  }

  static void put(ByteBuffer buffer, long number) {
    long rest = number;
    while (rest >= MORE) {
      buffer.put((byte) (rest | MORE));
      rest >>>= BITS;
    }
    buffer.put((byte) rest);
  }

  /** Returns the next number; {@link #NONE} if it is cut, too large or longer than it need be. */
  static long get(ByteBuffer buffer) {
    long number = 0;
    for (int shift = 0; shift < Long.SIZE - 1 && buffer.hasRemaining(); shift += BITS) {
      byte next = buffer.get();
      number |= (long) (next & (MORE - 1)) << shift;
      if (next >= 0) {
        return next == 0 && shift > 0 ? NONE : number;
      }
    }
    return NONE;
  }
}
