package larder.cache.value;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Payloads compressed: four bytes with the length of the payload, big-endian, and the payload in
 * the raw DEFLATE format of RFC 1951.
 *
 * <p>Nothing larger than is allowed is ever made of them: the length is known and judged before
 * anything is unpacked, and no more than that is.
 */
final class Deflated {

  /** The fastest: higher ones save a few hundredths more, and take several times as long. */
  private static final int LEVEL = Deflater.BEST_SPEED;

  /** Saving less than an eighth is not worth the reading. */
  private static final int WORTH = 8;

  /** No byte of the format stands for more. */
  private static final long MOST_FOR_A_BYTE = 1032;

  private Deflated() {}

  /** Returns a payload compressed; null if that saves too little. */
  static byte @Nullable [] deflate(byte[] payload) {
    int most = payload.length - payload.length / WORTH - 1;
    if (most <= Integer.BYTES) {
      return null;
    }
    byte[] bytes = new byte[most];
    Deflater deflater = new Deflater(LEVEL, /* nowrap= */ true);
    try {
      deflater.setInput(payload);
      deflater.finish();
      int length = deflater.deflate(bytes, Integer.BYTES, most - Integer.BYTES);
      ByteBuffer.wrap(bytes).putInt(payload.length);
      return deflater.finished() ? Arrays.copyOf(bytes, Integer.BYTES + length) : null;
    } finally {
      deflater.end();
    }
  }

  /**
   * Returns the payload that bytes stand for; null if they stand for none.
   *
   * @param offset where they begin; they go on to the end
   * @param most largest payload allowed, in bytes
   */
  static byte @Nullable [] inflate(byte[] bytes, int offset, int most) {
    int length = bytes.length - offset - Integer.BYTES;
    int size = length <= 0 ? 0 : ByteBuffer.wrap(bytes).getInt(offset);
    if (size <= 0 || size > most || size > MOST_FOR_A_BYTE * length) {
      return null;
    }
    byte[] payload = new byte[size];
    Inflater inflater = new Inflater(/* nowrap= */ true);
    try {
      inflater.setInput(bytes, offset + Integer.BYTES, length);
      boolean whole =
          inflater.inflate(payload) == size && ends(inflater) && inflater.getRemaining() == 0;
      return whole ? payload : null;
    } catch (DataFormatException damaged) {
      return null;
    } finally {
      inflater.end();
    }
  }

  /** Whether nothing more comes; the end may have to be read yet. */
  private static boolean ends(Inflater inflater) throws DataFormatException {
    return inflater.finished() || (inflater.inflate(new byte[1]) == 0 && inflater.finished());
  }
}
