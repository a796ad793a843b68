package larder.cache.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import larder.cache.log.LogRecord.Everything;
import larder.cache.log.LogRecord.Heartbeat;
import larder.cache.log.LogRecord.Invalidation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LogRecordCodecTests {

  private final SplittableRandom random = new SplittableRandom(7);

  private LogRecord anyRecord() {
    Tags tags = Tags.ofHashes(random.longs(random.nextInt(5)).toArray());
    return switch (random.nextInt(5)) {
      case 0 -> new Invalidation(tags, null);
      case 1 -> new Invalidation(tags, new TransactionId(anyName() + "x", random.nextLong()));
      case 2 ->
          new Heartbeat(
              new Position(random.nextLong(1L << 53), random.nextLong(1L << 53)),
              new Source(anyName(), random.nextInt(100)));
      case 3 -> new Invalidation(tags, null, anyAuthor());
      default -> Everything.RECORD;
    };
  }

  private Author anyAuthor() {
    return new Author(anyName(), Author.causes((byte) random.nextInt(32)));
  }

  private String anyName() {
    return List.of("", "node-1", "7312559/3", "Köln", "x".repeat(200)).get(random.nextInt(5));
  }

  private static @Nullable Author author(LogRecord record) {
    return record instanceof Invalidation told ? told.author() : null;
  }

  @Test
  void decodesWhatItEncodes() {
    for (int i = 0; i < 20_000; i++) {
      LogRecord record = anyRecord();
      LogRecord read = LogRecordCodec.decode(LogRecordCodec.encode(record));
      assertThat(read).isEqualTo(record);
      assertThat(author(read)).isEqualTo(author(record));
    }
  }

  @Test
  void everyTruncationMeansAll() {
    for (int i = 0; i < 500; i++) {
      byte[] bytes = LogRecordCodec.encode(anyRecord());
      for (int length = 0; length < bytes.length; length++) {
        assertThat(LogRecordCodec.decode(Arrays.copyOf(bytes, length)))
            .isEqualTo(Everything.RECORD);
      }
    }
  }

  @Test
  void everyFlippedBitMeansAll() {
    for (int i = 0; i < 100; i++) {
      byte[] bytes = LogRecordCodec.encode(anyRecord());
      for (int bit = 0; bit < 8 * bytes.length; bit++) {
        byte[] altered = bytes.clone();
        altered[bit / 8] ^= (byte) (1 << (bit % 8));
        assertThat(LogRecordCodec.decode(altered)).isEqualTo(Everything.RECORD);
      }
    }
  }

  @Test
  void randomBytesMeanAll() {
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = new byte[random.nextInt(60)];
      random.nextBytes(bytes);
      assertThat(LogRecordCodec.decode(bytes)).isEqualTo(Everything.RECORD);
    }
    assertThat(LogRecordCodec.decode(null)).isEqualTo(Everything.RECORD);
  }

  /** Bodies that no writer makes, under a checksum that is right. */
  @Test
  void malformedBodiesMeanAll() {
    for (int i = 0; i < 50_000; i++) {
      byte[] body = new byte[1 + random.nextInt(50)];
      random.nextBytes(body);
      body[0] = (byte) random.nextInt(5);
      if (random.nextBoolean() && body.length > 1) {
        body[1] = 0;
      }
      LogRecord record = LogRecordCodec.decode(sealed(body));
      if (!record.equals(Everything.RECORD)) {
        assertThat(LogRecordCodec.decode(LogRecordCodec.encode(record))).isEqualTo(record);
      }
    }
  }

  @Test
  void anUnknownKindMeansAll() {
    assertThat(LogRecordCodec.decode(sealed(new byte[] {9, 0, 0, 0, 0, 1})))
        .isEqualTo(Everything.RECORD);
  }

  @Test
  void bytesBehindARecordMeanAll() {
    assertThat(LogRecordCodec.decode(sealed(new byte[] {1, 0, 0, 0, 0, 0})))
        .isEqualTo(new Invalidation(Tags.NONE, null));
    assertThat(LogRecordCodec.decode(sealed(new byte[] {1, 0, 0, 0, 0, 0, 0})))
        .isEqualTo(Everything.RECORD);
  }

  @Test
  void aCountThatTheBytesDoNotHoldMeansAll() {
    assertThat(LogRecordCodec.decode(sealed(new byte[] {1, 0, 0x7f, -1, -1, -1})))
        .isEqualTo(Everything.RECORD);
    assertThat(LogRecordCodec.decode(sealed(new byte[] {1, 0, -1, -1, -1, -1})))
        .isEqualTo(Everything.RECORD);
  }

  private static byte[] sealed(byte[] body) {
    CRC32C crc = new CRC32C();
    crc.update(body);
    byte[] bytes = Arrays.copyOf(body, body.length + 4);
    for (int i = 0; i < 4; i++) {
      bytes[body.length + i] = (byte) (crc.getValue() >>> (24 - 8 * i));
    }
    return bytes;
  }

  /** What is stored today must be readable tomorrow. */
  @Test
  void storedFormIsFrozen() {
    assertThat(hex(new Invalidation(Tags.ofHashes(1, 2), new TransactionId("db/1", 7))))
        .isEqualTo("010464622f31000000000000000700000002000000000000000100000000000000028385b537");
    assertThat(hex(new Heartbeat(new Position(3, 4), new Source("db", 1))))
        .isEqualTo("0200000000000000030000000000000004026462000000000000000125c82b09");
    assertThat(hex(Everything.RECORD)).isEqualTo("03412da0a5");
    assertThat(LogRecordCodec.encode(new Invalidation(Tags.of("c:users"), null))).hasSize(18);
    Author author = new Author("n", Set.of(Author.Cause.PUT, Author.Cause.WRITE));
    assertThat(hex(new Invalidation(Tags.ofHashes(1), null, author)))
        .startsWith("040a016e00000000010000000000000001");
  }

  private static String hex(LogRecord record) {
    return HexFormat.of().formatHex(LogRecordCodec.encode(record));
  }
}
