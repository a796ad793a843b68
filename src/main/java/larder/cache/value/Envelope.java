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
 * An entry as it stands in Redis: a header, the tags that do not follow from where it stands, and
 * the payload.
 *
 * <table>
 *   <caption>Layout, big-endian</caption>
 *   <tr><th>offset</th><th>bytes</th><th>content</th></tr>
 *   <tr><td>0</td><td>1</td><td>{@code 'L'}</td></tr>
 *   <tr><td>1</td><td>1</td><td>bit 0, a "not found" answer; bit 1, the payload is {@link Deflated
 *       compressed}; bits 2 to 4, the codec: the place of its {@link Encoding}; 0, JSON; 1,
 *       compact; 2, Smile; bits 5 to 7, the format, 2</td></tr>
 *   <tr><td>2</td><td>6</td><td>expiry, milliseconds since 1970</td></tr>
 *   <tr><td>8</td><td>4</td><td>CRC-32C of all other bytes, and then of the hashes of the implied
 *       tags, ascending, 8 bytes each</td></tr>
 *   <tr><td>12</td><td>8</td><td>fingerprint of the value's type</td></tr>
 *   <tr><td>20</td><td>7</td><td>as-of: epoch, positive; logs give none of 2<sup>53</sup> or more</td></tr>
 *   <tr><td>27</td><td>1 to 9</td><td>as-of: number</td></tr>
 *   <tr><td>then</td><td>1 to 5</td><td>cost of the load, microseconds</td></tr>
 *   <tr><td>then</td><td>1 to 3</td><td>number of further tags</td></tr>
 *   <tr><td>then</td><td>8 each</td><td>their hashes, ascending</td></tr>
 *   <tr><td>then</td><td>rest</td><td>payload; empty for "not found"</td></tr>
 * </table>
 *
 * <p>Numbers of no fixed length are {@link Varint}s. The <em>implied tags</em> are those that every
 * value of a key carries, such as {@code c:users} and {@code k:users:42}: who asks for an entry
 * knows them, so they are not stored. The checksum binds the entry to them: what was copied to the
 * place of another key is none there.
 *
 * <p>Bytes that do not fit this layout to the last bit are no entry: {@link #read} answers null.
 * That holds for format 1 as well, whose second byte is 1; nodes that write it take another second
 * byte for another format.
 */
public final class Envelope {

  private static final int CHECKSUM = 8;
  private static final int FINGERPRINT = 12;
  private static final int NUMBERS = 27;
  private static final int SHORTEST = NUMBERS + 3;
  private static final byte MAGIC = 'L';
  private static final int NOT_FOUND = 1;
  private static final int COMPRESSED = 2;
  private static final int CODEC = 2; // its lowest bit
  private static final int CODECS = 7;
  private static final int FORMAT = 5; // its lowest bit
  private static final int FORMAT_2 = 2;

  /** Of the numbers that end before these offsets. */
  private static final int EXPIRY_END = CHECKSUM;

  private static final int EPOCH_END = NUMBERS;
  private static final long LAST_EXPIRY = (1L << 48) - 1;
  private static final long LAST_EPOCH = (1L << 56) - 1;

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
  public byte[] write(Tags implied) {
    return write(implied, /* compressAbove= */ 0);
  }

  /**
   * Returns the bytes to store.
   *
   * @param implied the tags that every value of the key carries
   * @param compressAbove a larger payload is compressed if that is worth it; 0: none is
   */
  public byte[] write(Tags implied, long compressAbove) {
    byte[] deflated =
        compressAbove > 0 && payload.length > compressAbove ? Deflated.deflate(payload) : null;
    return deflated == null
        ? write(implied, notFound ? NOT_FOUND : 0, payload)
        : write(implied, COMPRESSED, deflated);
  }

  private byte[] write(Tags implied, int flags, byte[] content) {
    Tags further = mark.tags().without(implied);
    byte[] bytes = new byte[headerSize(further) + content.length];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    long expires = Math.max(0, Math.min(mark.expiresAtMillis(), LAST_EXPIRY));
    long epoch = mark.asOf().epoch();
    buffer.putLong(EXPIRY_END - Long.BYTES, expires);
    buffer
        .put(MAGIC)
        .put((byte) ((FORMAT_2 << FORMAT) | (ENCODINGS.indexOf(encoding) << CODEC) | flags));
    buffer.putLong(EPOCH_END - Long.BYTES, epoch <= LAST_EPOCH ? epoch : 0);
    buffer.putLong(FINGERPRINT, fingerprint);
    buffer.position(NUMBERS);
    Varint.put(buffer, mark.asOf().n());
    Varint.put(buffer, mark.costMicros());
    Varint.put(buffer, further.size());
    for (int i = 0; i < further.size(); i++) {
      buffer.putLong(further.hash(i));
    }
    buffer.put(content);
    buffer.putInt(CHECKSUM, checksum(bytes, implied));
    return bytes;
  }

  private int headerSize(Tags further) {
    return NUMBERS
        + Varint.size(mark.asOf().n())
        + Varint.size(mark.costMicros())
        + Varint.size(further.size())
        + Long.BYTES * further.size();
  }

  /**
   * Returns the entry that the bytes hold; null if they hold none.
   *
   * @param implied the tags that every value of the key carries under which the bytes stand
   * @param mostPayload largest payload that may be unpacked from a compressed one, in bytes
   */
  public static @Nullable Envelope read(byte[] bytes, Tags implied, int mostPayload) {
    if (bytes.length < SHORTEST
        || bytes[0] != MAGIC
        || bytes[1] >> FORMAT != FORMAT_2
        || codec(bytes) >= ENCODINGS.size()) {
      return null;
    }
    return ByteBuffer.wrap(bytes).getInt(CHECKSUM) == checksum(bytes, implied)
        ? readChecked(bytes, implied, mostPayload)
        : null;
  }

  private static int codec(byte[] bytes) {
    return (bytes[1] >> CODEC) & CODECS;
  }

  private static @Nullable Envelope readChecked(byte[] bytes, Tags implied, int mostPayload) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    EntryMark mark = readMark(buffer, implied);
    boolean notFound = (bytes[1] & NOT_FOUND) != 0;
    boolean compressed = (bytes[1] & COMPRESSED) != 0;
    if (mark == null || notFound == buffer.hasRemaining() || (notFound && compressed)) {
      return null;
    }
    byte[] payload =
        compressed
            ? Deflated.inflate(bytes, buffer.position(), mostPayload)
            : Arrays.copyOfRange(bytes, buffer.position(), bytes.length);
    return payload == null
        ? null
        : new Envelope(
            buffer.getLong(FINGERPRINT), ENCODINGS.get(codec(bytes)), notFound, mark, payload);
  }

  /** Leaves the buffer where the payload begins. */
  private static @Nullable EntryMark readMark(ByteBuffer buffer, Tags implied) {
    long expires = buffer.getLong(EXPIRY_END - Long.BYTES) & LAST_EXPIRY;
    long epoch = buffer.getLong(EPOCH_END - Long.BYTES) & LAST_EPOCH;
    buffer.position(NUMBERS);
    long number = Varint.get(buffer);
    long cost = Varint.get(buffer);
    long count = Varint.get(buffer);
    if (epoch == 0
        || number < 0
        || cost < 0
        || cost > Integer.MAX_VALUE
        || count < 0
        || count > buffer.remaining() / Long.BYTES) {
      return null;
    }
    Tags tags = implied.and(readTags(buffer, (int) count));
    return new EntryMark(new Position(epoch, number), tags, expires, (int) cost);
  }

  private static Tags readTags(ByteBuffer buffer, int count) {
    long[] hashes = new long[count];
    for (int i = 0; i < count; i++) {
      hashes[i] = buffer.getLong();
    }
    return Tags.ofHashes(hashes);
  }

  private static int checksum(byte[] bytes, Tags implied) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, CHECKSUM);
    checksum.update(bytes, FINGERPRINT, bytes.length - FINGERPRINT);
    ByteBuffer place = ByteBuffer.allocate(Long.BYTES * implied.size());
    for (int i = 0; i < implied.size(); i++) {
      place.putLong(implied.hash(i));
    }
    checksum.update(place.flip());
    return (int) checksum.getValue();
  }
}
