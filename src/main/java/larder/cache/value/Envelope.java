package larder.cache.value;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import larder.cache.Encoding;
import larder.cache.log.Position;
import larder.cache.log.Tags;
import org.jspecify.annotations.Nullable;

/**
 * An entry as it stands in Redis: a header, the tags, and the payload.
 *
 * <table>
 *   <caption>Layout, big-endian</caption>
 *   <tr><th>offset</th><th>bytes</th><th>content</th></tr>
 *   <tr><td>0</td><td>1</td><td>{@code 'L'}</td></tr>
 *   <tr><td>1</td><td>1</td><td>format, 1</td></tr>
 *   <tr><td>2</td><td>1</td><td>flags: bit 0, a "not found" answer; bit 1, the payload is
 *       {@link Deflated compressed}; the rest 0</td></tr>
 *   <tr><td>3</td><td>1</td><td>codec: the place of its {@link Encoding}; 0, JSON; 1, compact; 2,
 *       Smile</td></tr>
 *   <tr><td>4</td><td>8</td><td>fingerprint of the value's type</td></tr>
 *   <tr><td>12</td><td>4</td><td>CRC-32C of all other bytes</td></tr>
 *   <tr><td>16</td><td>8</td><td>as-of: epoch, positive</td></tr>
 *   <tr><td>24</td><td>8</td><td>as-of: number, not negative</td></tr>
 *   <tr><td>32</td><td>8</td><td>expiry, milliseconds since 1970</td></tr>
 *   <tr><td>40</td><td>4</td><td>cost of the load, microseconds, not negative</td></tr>
 *   <tr><td>44</td><td>2</td><td>number of tags, unsigned</td></tr>
 *   <tr><td>46</td><td>8 each</td><td>the tags' hashes, ascending</td></tr>
 *   <tr><td>then</td><td>rest</td><td>payload; empty for "not found"</td></tr>
 * </table>
 *
 * <p>Bytes that do not fit this layout to the last bit are no entry: {@link #read} answers null.
 */
public final class Envelope {

  private static final int HEADER = 46;
  private static final int CHECKSUM = 12;
  private static final int AFTER_CHECKSUM = 16;
  private static final byte MAGIC = 'L';
  private static final byte FORMAT = 1;
  private static final byte NOT_FOUND = 1;
  private static final byte COMPRESSED = 2;

  /** By codec. Places are stored: a new one comes last, and none is given again. */
  private static final List<Encoding> ENCODINGS =
      List.of(Encoding.JSON, Encoding.COMPACT, Encoding.SMILE);

  private final long fingerprint;
  private final Encoding encoding;
  private final boolean notFound;
  private final EntryMark mark;
  private final byte[] payload;

  private Envelope(
      long fingerprint, Encoding encoding, boolean notFound, EntryMark mark, byte[] payload) {
    this.fingerprint = fingerprint;
    this.encoding = encoding;
    this.notFound = notFound;
    this.mark = mark;
    this.payload = payload;
  }

  /**
   * Returns an entry.
   *
   * @param type what its value was encoded as
   * @param payload the encoded value, not copied; empty for "not found"
   */
  public static Envelope of(ValueType type, EntryMark mark, byte[] payload) {
    return of(type.fingerprint(), type.encoding(), mark, payload);
  }

  static Envelope of(long fingerprint, Encoding encoding, EntryMark mark, byte[] payload) {
    return new Envelope(fingerprint, encoding, payload.length == 0, mark, payload);
  }

  /** Returns the fingerprint of the value's type. */
  public long fingerprint() {
    return fingerprint;
  }

  /** Returns how the value was encoded. */
  public Encoding encoding() {
    return encoding;
  }

  /** Whether the answer is "not found". */
  public boolean notFound() {
    return notFound;
  }

  /** Returns what the entry tells of its making. */
  public EntryMark mark() {
    return mark;
  }

  /** Returns the encoded value, not compressed, not copied; empty for "not found". */
  public byte[] payload() {
    return payload;
  }

  /** Returns the bytes to store, none of them compressed. */
  public byte[] write() {
    return write(/* compressAbove= */ 0);
  }

  /**
   * Returns the bytes to store.
   *
   * @param compressAbove a larger payload is compressed if that is worth it; 0: none is
   */
  public byte[] write(long compressAbove) {
    byte[] deflated =
        compressAbove > 0 && payload.length > compressAbove ? Deflated.deflate(payload) : null;
    return deflated == null
        ? write(notFound ? NOT_FOUND : 0, payload)
        : write(COMPRESSED, deflated);
  }

  private byte[] write(byte flags, byte[] content) {
    Tags tags = mark.tags();
    byte[] bytes = new byte[HEADER + Long.BYTES * tags.size() + content.length];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    byte codec = (byte) ENCODINGS.indexOf(encoding);
    buffer.put(MAGIC).put(FORMAT).put(flags).put(codec).putLong(fingerprint);
    buffer.position(AFTER_CHECKSUM);
    buffer.putLong(mark.asOf().epoch()).putLong(mark.asOf().n());
    buffer.putLong(mark.expiresAtMillis()).putInt(mark.costMicros()).putShort((short) tags.size());
    for (int i = 0; i < tags.size(); i++) {
      buffer.putLong(tags.hash(i));
    }
    buffer.put(content);
    buffer.putInt(CHECKSUM, checksum(bytes));
    return bytes;
  }

  /**
   * Returns the entry that the bytes hold; null if they hold none.
   *
   * @param mostPayload largest payload that may be unpacked from a compressed one, in bytes
   */
  public static @Nullable Envelope read(byte[] bytes, int mostPayload) {
    if (bytes.length < HEADER
        || bytes[0] != MAGIC
        || bytes[1] != FORMAT
        || bytes[3] < 0
        || bytes[3] >= ENCODINGS.size()) {
      return null;
    }
    return ByteBuffer.wrap(bytes).getInt(CHECKSUM) == checksum(bytes)
        ? readChecked(bytes, mostPayload)
        : null;
  }

  private static @Nullable Envelope readChecked(byte[] bytes, int mostPayload) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    byte flags = bytes[2];
    int tagCount = Short.toUnsignedInt(buffer.getShort(44));
    int length = bytes.length - HEADER - Long.BYTES * tagCount;
    boolean notFound = flags == NOT_FOUND;
    boolean compressed = flags == COMPRESSED;
    if (length < 0 || (notFound ? length > 0 : (flags & ~COMPRESSED) != 0 || length == 0)) {
      return null;
    }
    EntryMark mark = readMark(buffer, tagCount);
    int offset = bytes.length - length;
    byte[] payload =
        compressed
            ? Deflated.inflate(bytes, offset, mostPayload)
            : Arrays.copyOfRange(bytes, offset, bytes.length);
    return mark == null || payload == null
        ? null
        : new Envelope(buffer.getLong(4), ENCODINGS.get(bytes[3]), notFound, mark, payload);
  }

  private static @Nullable EntryMark readMark(ByteBuffer buffer, int tagCount) {
    long epoch = buffer.getLong(16);
    long number = buffer.getLong(24);
    int cost = buffer.getInt(40);
    if (epoch <= 0 || number < 0 || cost < 0) {
      return null;
    }
    long[] hashes = new long[tagCount];
    for (int i = 0; i < tagCount; i++) {
      hashes[i] = buffer.getLong(HEADER + Long.BYTES * i);
    }
    return new EntryMark(
        new Position(epoch, number), Tags.ofHashes(hashes), buffer.getLong(32), cost);
  }

  private static int checksum(byte[] bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, CHECKSUM);
    checksum.update(bytes, AFTER_CHECKSUM, bytes.length - AFTER_CHECKSUM);
    return (int) checksum.getValue();
  }
}
