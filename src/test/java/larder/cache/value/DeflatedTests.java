package larder.cache.value;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.zip.CRC32C;
import java.util.zip.Deflater;
import larder.cache.Encoding;
import larder.cache.log.Position;
import larder.cache.log.Tags;
import org.junit.jupiter.api.Test;

class DeflatedTests {

  private static final int MOST = 100_000;
  private static final byte[] TEXT =
      "Ada met Grace, and Grace met Ada. ".repeat(200).getBytes(UTF_8);
  private static final EntryMark MARK =
      new EntryMark(new Position(5, 9), Tags.of("c:a", "k:a:1"), 1_700_000_000_000L, 250);
  private static final int CHECKSUM = 8;

  private final Random random = new Random(5);

  @Test
  void bringsBackWhatWasCompressed() {
    for (int i = 0; i < 500; i++) {
      byte[] payload = Arrays.copyOf(TEXT, 100 + random.nextInt(TEXT.length - 100));
      byte[] deflated = Objects.requireNonNull(Deflated.deflate(payload));

      assertThat(deflated.length).isLessThanOrEqualTo(payload.length - payload.length / 8);
      assertThat(Deflated.inflate(deflated, 0, payload.length)).isEqualTo(payload);
      assertThat(Deflated.inflate(deflated, 0, payload.length - 1)).as("too large").isNull();
    }
  }

  @Test
  void leavesAloneWhatWouldSaveTooLittle() {
    byte[] noise = new byte[5_000];
    random.nextBytes(noise);
    assertThat(Deflated.deflate(noise)).isNull();
    assertThat(Deflated.deflate(new byte[] {1, 2, 3})).isNull();
    assertThat(Deflated.deflate(new byte[0])).isNull();
  }

  /** A hundred megabytes of nothing, and what calls itself little. */
  @Test
  void aBombIsAbsent() {
    byte[] bomb = deflated(new byte[100_000_000]);
    assertThat(bomb.length).isLessThan(500_000);
    for (int claimed : new int[] {100_000_000, Integer.MAX_VALUE, -1, 0, 1, MOST - 1, MOST}) {
      assertThat(Deflated.inflate(withSize(bomb, claimed), 0, MOST)).as("%d", claimed).isNull();
      assertThat(Envelope.read(entry(withSize(bomb, claimed)), Tags.NONE, MOST)).isNull();
    }
  }

  @Test
  void nothingIsReservedForAFewBytesThatCallThemselvesMany() {
    assertThat(Deflated.inflate(withSize(new byte[] {3, 0}, 1_000_000), 0, 1_000_000)).isNull();
  }

  @Test
  void damagedBytesAreAbsentOrOfTheirSize() {
    byte[] good = Objects.requireNonNull(Deflated.deflate(TEXT));
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = Arrays.copyOf(good, random.nextInt(good.length + 4));
      for (int k = random.nextInt(3); k > 0 && bytes.length > 0; k--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      byte[] read = Deflated.inflate(bytes, 0, MOST);
      if (read != null) {
        assertThat(read.length)
            .isEqualTo(ByteBuffer.wrap(bytes).getInt())
            .isLessThanOrEqualTo(MOST);
      }
    }
  }

  @Test
  void truncatedAndExtendedBytesAreAbsent() {
    byte[] good = Objects.requireNonNull(Deflated.deflate(TEXT));
    for (int length = 0; length < good.length; length++) {
      assertThat(Deflated.inflate(Arrays.copyOf(good, length), 0, MOST)).isNull();
    }
    assertThat(Deflated.inflate(Arrays.copyOf(good, good.length + 1), 0, MOST)).isNull();
  }

  @Test
  void anEntryIsCompressedAboveItsThreshold() {
    for (Encoding encoding : Encoding.values()) {
      Envelope entry = Envelope.of(7, encoding, MARK, TEXT);
      byte[] plain = entry.write(MARK.tags());
      byte[] packed = entry.write(MARK.tags(), TEXT.length - 1);

      assertThat(entry.write(MARK.tags(), TEXT.length)).isEqualTo(plain);
      assertThat(entry.write(MARK.tags(), 0)).isEqualTo(plain);
      assertThat(packed.length).isLessThan(plain.length / 10);
      assertThat(packed[1] & 3).isEqualTo(2);
      for (byte[] written : new byte[][] {plain, packed}) {
        Envelope read = Objects.requireNonNull(Envelope.read(written, MARK.tags(), MOST));
        assertThat(read.payload()).isEqualTo(TEXT);
        assertThat(read.encoding()).isEqualTo(encoding);
        assertThat(read.mark()).isEqualTo(MARK);
      }
      assertThat(Envelope.read(packed, MARK.tags(), TEXT.length - 1))
          .as("larger than allowed here")
          .isNull();
    }
  }

  @Test
  void notFoundIsNeverCompressed() {
    byte[] written = Envelope.of(7, Encoding.COMPACT, MARK, new byte[0]).write(MARK.tags(), 1);
    assertThat(Objects.requireNonNull(Envelope.read(written, MARK.tags(), MOST)).notFound())
        .isTrue();
  }

  private static byte[] entry(byte[] content) {
    byte[] bytes = Envelope.of(7, Encoding.JSON, MARK, content).write(Tags.NONE);
    bytes[1] |= 2;
    CRC32C sum = new CRC32C();
    sum.update(bytes, 0, CHECKSUM);
    sum.update(bytes, CHECKSUM + 4, bytes.length - CHECKSUM - 4);
    ByteBuffer.wrap(bytes).putInt(CHECKSUM, (int) sum.getValue());
    return bytes;
  }

  private static byte[] withSize(byte[] deflated, int size) {
    return ByteBuffer.allocate(4 + deflated.length).putInt(size).put(deflated).array();
  }

  private static byte[] deflated(byte[] bytes) {
    Deflater deflater = new Deflater(9, true);
    deflater.setInput(bytes);
    deflater.finish();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[10_000];
    while (!deflater.finished()) {
      out.write(buffer, 0, deflater.deflate(buffer));
    }
    deflater.end();
    return out.toByteArray();
  }
}
