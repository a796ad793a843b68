package larder.cache.log;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.zip.CRC32C;
import larder.cache.log.LogRecord.Everything;
import larder.cache.log.LogRecord.Heartbeat;
import larder.cache.log.LogRecord.Invalidation;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of a record.
 *
 * <p>Numbers are big-endian, a name is one byte with its length and so many bytes of UTF-8:
 *
 * <pre>
 * kind 1   invalidation  1, issuer (a name, empty for none), [8 number], 4 count, count * 8 tags
 * kind 2   heartbeat     2, 8 epoch, 8 n, system (a name), 8 timeline
 * kind 3   everything    3
 * kind 4   invalidation  4, 1 causes (bits of Author.Cause), node (a name), then as kind 1
 * </pre>
 *
 * and then 4 bytes CRC-32C of all before. An invalidation of {@code c:users} without a transaction
 * has 18 bytes. Kind 4 says by whom as well.
 *
 * <p>Bytes are never trusted: what is cut, altered, longer than it says, of an unknown kind or
 * absent decodes to {@link Everything}, because a reader that cannot know what changed must assume
 * that all did. A later version may therefore add kinds, and older readers stay sound.
 */
public final class LogRecordCodec {

  private static final byte INVALIDATION = 1;
  private static final byte HEARTBEAT = 2;
  private static final byte EVERYTHING = 3;
  private static final byte SIGNED_INVALIDATION = 4;
  private static final int CHECKSUM_BYTES = 4;

  private LogRecordCodec() {}

  /** The stored form of a record. */
  public static byte[] encode(LogRecord record) {
    if (record instanceof Invalidation invalidation) {
      return encodeInvalidation(invalidation);
    }
    if (record instanceof Heartbeat heartbeat) {
      return encodeHeartbeat(heartbeat);
    }
    return sealed(buffer(1).put(EVERYTHING));
  }

  private static byte[] encodeInvalidation(Invalidation invalidation) {
    TransactionId transaction = invalidation.transaction();
    byte[] issuer = ShortText.encode(transaction == null ? "" : transaction.issuer());
    Tags tags = invalidation.tags();
    byte[] kind = kind(invalidation.author());
    ByteBuffer out = buffer(kind.length + 1 + issuer.length + 8 + 4 + 8 * tags.size());
    out.put(kind).put((byte) issuer.length).put(issuer);
    if (transaction != null) {
      out.putLong(transaction.number());
    }
    out.putInt(tags.size());
    for (int i = 0; i < tags.size(); i++) {
      out.putLong(tags.hash(i));
    }
    return sealed(out);
  }

  private static byte[] kind(@Nullable Author author) {
    if (author == null) {
      return new byte[] {INVALIDATION};
    }
    byte[] node = ShortText.encode(author.node());
    return ByteBuffer.allocate(3 + node.length)
        .put(SIGNED_INVALIDATION)
        .put(author.bits())
        .put((byte) node.length)
        .put(node)
        .array();
  }

  private static byte[] encodeHeartbeat(Heartbeat heartbeat) {
    byte[] system = ShortText.encode(heartbeat.source().system());
    ByteBuffer out = buffer(1 + 16 + 1 + system.length + 8);
    out.put(HEARTBEAT).putLong(heartbeat.before().epoch()).putLong(heartbeat.before().n());
    out.put((byte) system.length).put(system).putLong(heartbeat.source().timeline());
    return sealed(out);
  }

  private static ByteBuffer buffer(int bodyBytes) {
    return ByteBuffer.allocate(bodyBytes + CHECKSUM_BYTES);
  }

  private static byte[] sealed(ByteBuffer out) {
    out.putInt(checksum(out.duplicate().flip())).flip();
    byte[] bytes = new byte[out.remaining()];
    out.get(bytes);
    return bytes;
  }

  private static int checksum(ByteBuffer body) {
    CRC32C crc = new CRC32C();
    crc.update(body);
    return (int) crc.getValue();
  }

  /** The record that these bytes say; {@link Everything} if they say none. Never throws. */
  public static LogRecord decode(byte @Nullable [] bytes) {
    if (bytes == null || bytes.length <= CHECKSUM_BYTES) {
      return Everything.RECORD;
    }
    int body = bytes.length - CHECKSUM_BYTES;
    if (ByteBuffer.wrap(bytes, body, CHECKSUM_BYTES).getInt()
        != checksum(ByteBuffer.wrap(bytes, 0, body))) {
      return Everything.RECORD;
    }
    try {
      return decodeBody(ByteBuffer.wrap(bytes, 0, body));
    } catch (BufferUnderflowException | IllegalArgumentException malformed) {
      return Everything.RECORD;
    }
  }

  private static LogRecord decodeBody(ByteBuffer in) {
    LogRecord record =
        switch (in.get()) {
          case INVALIDATION -> decodeInvalidation(in, null);
          case SIGNED_INVALIDATION -> decodeInvalidation(in, decodeAuthor(in));
          case HEARTBEAT -> decodeHeartbeat(in);
          default -> Everything.RECORD;
        };
    return in.hasRemaining() ? Everything.RECORD : record;
  }

  private static Author decodeAuthor(ByteBuffer in) {
    Set<Author.Cause> causes = Author.causes(in.get());
    return new Author(name(in), causes);
  }

  private static Invalidation decodeInvalidation(ByteBuffer in, @Nullable Author author) {
    String issuer = name(in);
    TransactionId transaction = issuer.isEmpty() ? null : new TransactionId(issuer, in.getLong());
    int count = in.getInt();
    if (count < 0 || count > in.remaining() / 8) {
      throw new BufferUnderflowException();
    }
    long[] hashes = new long[count];
    for (int i = 0; i < count; i++) {
      hashes[i] = in.getLong();
    }
    return new Invalidation(Tags.ofHashes(hashes), transaction, author);
  }

  private static Heartbeat decodeHeartbeat(ByteBuffer in) {
    Position before = new Position(in.getLong(), in.getLong());
    return new Heartbeat(before, new Source(name(in), in.getLong()));
  }

  private static String name(ByteBuffer in) {
    byte[] bytes = new byte[in.get() & 0xff];
    in.get(bytes);
    return ShortText.decode(bytes);
  }
}
