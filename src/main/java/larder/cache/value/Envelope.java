package larder.cache.value;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * An entry as it stands in Redis: a header of {@value #HEADER} bytes and the payload.
 *
 * <table>
 *   <caption>Layout, big-endian</caption>
 *   <tr><th>offset</th><th>bytes</th><th>content</th></tr>
 *   <tr><td>0</td><td>1</td><td>{@code 'L'}</td></tr>
 *   <tr><td>1</td><td>1</td><td>format, 1</td></tr>
 *   <tr><td>2</td><td>1</td><td>flags: bit 0, a "not found" answer; the rest 0</td></tr>
 *   <tr><td>3</td><td>1</td><td>codec: 0, JSON</td></tr>
 *   <tr><td>4</td><td>8</td><td>fingerprint of the value's type</td></tr>
 *   <tr><td>12</td><td>4</td><td>CRC-32C of bytes 0 to 11 and the payload</td></tr>
 *   <tr><td>16</td><td>rest</td><td>payload; empty for "not found"</td></tr>
 * </table>
 *
 * <p>Bytes that do not fit this layout to the last bit are no entry: {@link #read} answers null.
 */
final class Envelope {

  private static final int HEADER = 16;
  private static final int CHECKED_HEADER = 12;
  private static final byte MAGIC = 'L';
  private static final byte FORMAT = 1;
  private static final byte NOT_FOUND = 1;
  private static final byte JSON = 0;
  private static final byte[] EMPTY = {};

  private final long fingerprint;
  private final boolean notFound;
  private final byte[] payload;

  private Envelope(long fingerprint, boolean notFound, byte[] payload) {
    this.fingerprint = fingerprint;
    this.notFound = notFound;
    this.payload = payload;
  }

  /** Returns an entry that holds a value. */
  static Envelope of(long fingerprint, byte[] payload) {
    return new Envelope(fingerprint, /* notFound= */ false, payload);
  }

  /** Returns an entry that says "not found". */
  static Envelope ofNotFound(long fingerprint) {
    return new Envelope(fingerprint, /* notFound= */ true, EMPTY);
  }

  /** Returns the fingerprint of the value's type. */
  long fingerprint() {
    return fingerprint;
  }

  /** Whether the answer is "not found". */
  boolean notFound() {
    return notFound;
  }

  /** Returns the encoded value, not copied; empty for "not found". */
  byte[] payload() {
    return payload;
  }

  /** Returns the bytes to store. */
  byte[] write() {
    byte[] bytes = new byte[HEADER + payload.length];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    buffer.put(MAGIC).put(FORMAT).put(notFound ? NOT_FOUND : 0).put(JSON).putLong(fingerprint);
    buffer.position(HEADER).put(payload);
    buffer.putInt(CHECKED_HEADER, checksum(bytes));
    return bytes;
  }

  /** Returns the entry that the bytes hold; null if they hold none. */
  static @Nullable Envelope read(byte[] bytes) {
    if (bytes.length < HEADER || bytes[0] != MAGIC || bytes[1] != FORMAT || bytes[3] != JSON) {
      return null;
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    boolean notFound = bytes[2] == NOT_FOUND;
    boolean wellFormed = notFound ? bytes.length == HEADER : bytes[2] == 0;
    if (!wellFormed || buffer.getInt(CHECKED_HEADER) != checksum(bytes)) {
      return null;
    }
    byte[] payload = new byte[bytes.length - HEADER];
    buffer.get(HEADER, payload);
    return new Envelope(buffer.getLong(4), notFound, payload);
  }

  private static int checksum(byte[] bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, CHECKED_HEADER);
    checksum.update(bytes, HEADER, bytes.length - HEADER);
    return (int) checksum.getValue();
  }
}
