package larder.cache.value;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.zip.CRC32C;
import larder.cache.Encoding;
import larder.cache.log.Position;
import larder.cache.log.Tags;
import org.junit.jupiter.api.Test;

class EnvelopeTests {

  private static final EntryMark MARK =
      new EntryMark(new Position(5, 9), Tags.of("c:a", "k:a:1"), 1_700_000_000_000L, 250);

  private static final int MOST = 100_000;

  private final Random random = new Random(20260102);

  @Test
  void bringsBackWhatWasWritten() {
    for (int i = 0; i < 2_000; i++) {
      byte[] payload = bytes(1 + random.nextInt(300));
      long fingerprint = random.nextLong();
      EntryMark mark = anyMark();
      Envelope read = read(Envelope.of(fingerprint, Encoding.JSON, mark, payload).write());

      assertThat(read.fingerprint()).isEqualTo(fingerprint);
      assertThat(read.mark()).isEqualTo(mark);
      assertThat(read.payload()).isEqualTo(payload);
      assertThat(read.notFound()).isFalse();
    }
  }

  @Test
  void bringsBackNotFound() {
    for (int i = 0; i < 200; i++) {
      EntryMark mark = anyMark();
      Envelope read = read(notFound(Long.MIN_VALUE, mark));

      assertThat(read.fingerprint()).isEqualTo(Long.MIN_VALUE);
      assertThat(read.mark()).isEqualTo(mark);
      assertThat(read.notFound()).isTrue();
      assertThat(read.payload()).isEmpty();
    }
  }

  @Test
  void bringsBackTheMostTags() {
    long[] hashes = random.longs(2L * EntryMark.MOST_TAGS).distinct().toArray();
    Tags tags = Tags.ofHashes(Arrays.copyOf(hashes, EntryMark.MOST_TAGS));
    EntryMark mark = new EntryMark(MARK.asOf(), tags, 0, 0);

    assertThat(read(Envelope.of(7, Encoding.JSON, mark, bytes(3)).write()).mark().tags())
        .isEqualTo(tags);
    assertThat(tags.size()).isEqualTo(65_535);
  }

  @Test
  void hasTheLayoutItDocuments() {
    EntryMark mark =
        new EntryMark(
            new Position(0x1112131415161718L, 0x2122232425262728L),
            Tags.ofHashes(2, 1),
            0x3132333435363738L,
            0x41424344);
    byte[] written =
        Envelope.of(0x0102030405060708L, Encoding.JSON, mark, "{}".getBytes(UTF_8)).write();

    ByteBuffer expected = ByteBuffer.allocate(64);
    expected.put((byte) 'L').put((byte) 1).put((byte) 0).put((byte) 0);
    expected.putLong(0x0102030405060708L).putInt(checksumWithout(written));
    expected.putLong(0x1112131415161718L).putLong(0x2122232425262728L);
    expected.putLong(0x3132333435363738L).putInt(0x41424344).putShort((short) 2);
    expected.putLong(1).putLong(2).put((byte) '{').put((byte) '}');
    assertThat(written).isEqualTo(expected.array());
    assertThat(notFound(0, MARK)).hasSize(62).startsWith('L', 1, 1, 0);
  }

  @Test
  void randomBytesAreNoEntry() {
    for (int i = 0; i < 20_000; i++) {
      assertThat(Envelope.read(bytes(random.nextInt(128)), MOST)).isNull();
    }
  }

  @Test
  void randomBytesBehindAGoodStartAreNoEntry() {
    for (int i = 0; i < 20_000; i++) {
      byte[] garbage = bytes(4 + random.nextInt(128));
      garbage[0] = 'L';
      garbage[1] = 1;
      garbage[2] = (byte) random.nextInt(2);
      garbage[3] = 0;
      assertThat(Envelope.read(garbage, MOST)).isNull();
    }
  }

  /** Bytes that some other program has summed up rightly are judged by their content. */
  @Test
  void randomBytesUnderARightChecksumNeverThrow() {
    int entries = 0;
    for (int i = 0; i < 50_000; i++) {
      byte[] garbage = bytes(46 + random.nextInt(64));
      garbage[0] = 'L';
      garbage[1] = 1;
      garbage[2] = (byte) random.nextInt(3);
      garbage[3] = (byte) random.nextInt(4);
      garbage[44] = 0;
      garbage[45] = (byte) random.nextInt(10);
      Envelope read = Envelope.read(summedUp(garbage), MOST);
      entries += read == null ? 0 : 1;
    }
    assertThat(entries).as("some of them are entries").isBetween(1, 40_000);
  }

  @Test
  void whatNoWriterWritesIsNoEntryUnderARightChecksum() {
    byte[] good = Envelope.of(7, Encoding.JSON, MARK, bytes(10)).write();
    assertThat(Envelope.read(summedUp(good), MOST)).isNotNull();
    assertThat(Envelope.read(with(good, 1, 2), MOST)).as("another format").isNull();
    assertThat(Envelope.read(with(good, 2, 1), MOST)).as("not found, with a payload").isNull();
    assertThat(Envelope.read(with(good, 2, 2), MOST)).as("compressed, and not").isNull();
    assertThat(Envelope.read(with(good, 2, 3), MOST)).as("not found, and compressed").isNull();
    assertThat(Envelope.read(with(good, 2, 4), MOST)).as("an unknown flag").isNull();
    assertThat(Envelope.read(with(good, 2, 0x82), MOST)).as("an unknown flag").isNull();
    assertThat(Envelope.read(with(good, 3, 3), MOST)).as("another codec").isNull();
    assertThat(Envelope.read(with(good, 3, 0xff), MOST)).as("another codec").isNull();
    assertThat(Envelope.read(with(good, 16, 0xff), MOST)).as("a negative epoch").isNull();
    assertThat(Envelope.read(with(good, 23, 0), MOST)).as("epoch 0").isNull();
    assertThat(Envelope.read(with(good, 24, 0xff), MOST)).as("a negative number").isNull();
    assertThat(Envelope.read(with(good, 40, 0xff), MOST)).as("a negative cost").isNull();
    assertThat(Envelope.read(with(good, 44, 0xff), MOST)).as("more tags than bytes").isNull();
    assertThat(Envelope.read(with(notFound(7, MARK), 2, 0), MOST))
        .as("found, and nothing")
        .isNull();
  }

  @Test
  void aTruncatedEntryIsNone() {
    for (byte[] written : both()) {
      for (int length = 0; length < written.length; length++) {
        assertThat(Envelope.read(Arrays.copyOf(written, length), MOST)).isNull();
      }
    }
  }

  @Test
  void anExtendedEntryIsNone() {
    for (byte[] written : both()) {
      for (int more = 1; more < 50; more++) {
        assertThat(Envelope.read(Arrays.copyOf(written, written.length + more), MOST)).isNull();
      }
    }
  }

  @Test
  void anEntryWithAnyBitFlippedIsNone() {
    for (byte[] written : both()) {
      for (int bit = 0; bit < written.length * 8; bit++) {
        byte[] flipped = written.clone();
        flipped[bit / 8] ^= (byte) (1 << (bit % 8));
        assertThat(Envelope.read(flipped, MOST)).as("bit %d", bit).isNull();
      }
    }
  }

  @Test
  void anEntryWithAnyTwoBitsFlippedIsNone() {
    byte[] written = Envelope.of(7, Encoding.JSON, MARK, bytes(40)).write();
    for (int i = 0; i < 20_000; i++) {
      byte[] flipped = written.clone();
      int first = random.nextInt(written.length * 8);
      int second = random.nextInt(written.length * 8);
      flipped[first / 8] ^= (byte) (1 << (first % 8));
      flipped[second / 8] ^= (byte) (1 << (second % 8));
      assertThat(Envelope.read(flipped, MOST) == null || first == second).isTrue();
    }
  }

  private byte[][] both() {
    return new byte[][] {Envelope.of(7, Encoding.JSON, MARK, bytes(60)).write(), notFound(7, MARK)};
  }

  private static byte[] notFound(long fingerprint, EntryMark mark) {
    return Envelope.of(fingerprint, Encoding.JSON, mark, new byte[0]).write();
  }

  private static byte[] with(byte[] good, int offset, int octet) {
    byte[] changed = good.clone();
    changed[offset] = (byte) octet;
    return summedUp(changed);
  }

  private static byte[] summedUp(byte[] bytes) {
    ByteBuffer.wrap(bytes).putInt(12, checksumWithout(bytes));
    return bytes;
  }

  private static int checksumWithout(byte[] bytes) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, 0, 12);
    sum.update(bytes, 16, bytes.length - 16);
    return (int) sum.getValue();
  }

  private EntryMark anyMark() {
    Position asOf = new Position(1 + random.nextInt(1_000_000), random.nextInt(1_000_000));
    Tags tags = Tags.ofHashes(random.longs(random.nextInt(20)).toArray());
    return new EntryMark(asOf, tags, random.nextLong(), random.nextInt(Integer.MAX_VALUE));
  }

  private static Envelope read(byte[] bytes) {
    return Objects.requireNonNull(Envelope.read(bytes, MOST), "no entry");
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
