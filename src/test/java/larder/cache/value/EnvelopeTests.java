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
  private static final int CHECKSUM = 8;

  private final Random random = new Random(20260102);

  @Test
  void bringsBackWhatWasWritten() {
    for (int i = 0; i < 2_000; i++) {
      byte[] payload = bytes(1 + random.nextInt(300));
      long fingerprint = random.nextLong();
      EntryMark mark = anyMark();
      Envelope read = read(Envelope.of(fingerprint, Encoding.JSON, mark, payload).write(Tags.NONE));

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

    assertThat(read(Envelope.of(7, Encoding.JSON, mark, bytes(3)).write(Tags.NONE)).mark().tags())
        .isEqualTo(tags);
    assertThat(tags.size()).isEqualTo(65_535);
  }

  @Test
  void hasTheLayoutItDocuments() {
    EntryMark mark =
        new EntryMark(
            new Position(0x11121314151617L, 0x12345),
            Tags.ofHashes(4, 2, 1, 3),
            0x313233343536L,
            0x7f);
    byte[] written =
        Envelope.of(0x0102030405060708L, Encoding.SMILE, mark, "{}".getBytes(UTF_8))
            .write(Tags.ofHashes(3, 1));

    ByteBuffer expected = ByteBuffer.allocate(50);
    expected.put((byte) 'L').put((byte) (2 << 5 | 2 << 2));
    expected.putShort((short) 0x3132).putInt(0x33343536);
    CRC32C sum = new CRC32C();
    sum.update(written, 0, 8);
    sum.update(written, 12, written.length - 12);
    sum.update(ByteBuffer.allocate(16).putLong(1).putLong(3).flip());
    expected.putInt((int) sum.getValue());
    expected.putLong(0x0102030405060708L);
    expected.put((byte) 0x11).putShort((short) 0x1213).putInt(0x14151617);
    expected.put((byte) 0xc5).put((byte) 0xc6).put((byte) 0x04).put((byte) 0x7f).put((byte) 2);
    expected.putLong(2).putLong(4).put((byte) '{').put((byte) '}');
    assertThat(written).isEqualTo(expected.array());
    assertThat(Envelope.of(7, Encoding.JSON, MARK, new byte[0]).write(MARK.tags()))
        .hasSize(27 + 1 + 2 + 1)
        .startsWith('L', 2 << 5 | 1);
  }

  @Test
  void impliedTagsAreNotStoredAndComeBack() {
    for (int i = 0; i < 500; i++) {
      EntryMark mark = anyMark();
      Tags implied = Tags.ofHashes(random.nextLong(), random.nextLong());
      EntryMark all =
          new EntryMark(
              mark.asOf(), mark.tags().and(implied), mark.expiresAtMillis(), mark.costMicros());
      byte[] written = Envelope.of(7, Encoding.JSON, all, bytes(5)).write(implied);

      assertThat(written)
          .hasSameSizeAs(Envelope.of(7, Encoding.JSON, mark, bytes(5)).write(Tags.NONE));
      Envelope read = Objects.requireNonNull(Envelope.read(written, implied, MOST));
      assertThat(read.mark()).isEqualTo(all);
    }
  }

  /** As under the key of another, or in another cache. */
  @Test
  void anEntryIsNoneForWhoImpliesOtherTags() {
    byte[] written = Envelope.of(7, Encoding.JSON, MARK, bytes(5)).write(MARK.tags());
    assertThat(Envelope.read(written, MARK.tags(), MOST)).isNotNull();
    assertThat(Envelope.read(written, Tags.NONE, MOST)).isNull();
    assertThat(Envelope.read(written, Tags.of("c:a"), MOST)).isNull();
    for (int i = 0; i < 10_000; i++) {
      assertThat(Envelope.read(written, Tags.of("c:a", "k:a:1" + i), MOST)).isNull();
      assertThat(Envelope.read(written, Tags.of("c:a" + i, "k:a:1"), MOST)).isNull();
    }
  }

  @Test
  void anEpochThatNoLogGivesIsNone() {
    for (long epoch : new long[] {1, (1L << 56) - 1}) {
      Position asOf = new Position(epoch, 9);
      EntryMark mark = new EntryMark(asOf, MARK.tags(), 7, 0);
      assertThat(read(notFound(7, mark)).mark().asOf()).isEqualTo(asOf);
    }
    EntryMark beyond = new EntryMark(new Position(1L << 56, 9), MARK.tags(), 7, 0);
    assertThat(none(notFound(7, beyond))).isTrue();
  }

  @Test
  void whatExpiresBeyondAllTimesExpiresAtTheLast() {
    for (long expires : new long[] {Long.MAX_VALUE, 1L << 48, (1L << 48) - 1}) {
      EntryMark mark = new EntryMark(MARK.asOf(), MARK.tags(), expires, 0);
      assertThat(read(notFound(7, mark)).mark().expiresAtMillis()).isEqualTo((1L << 48) - 1);
    }
    EntryMark past = new EntryMark(MARK.asOf(), MARK.tags(), -1, 0);
    assertThat(read(notFound(7, past)).mark().expiresAtMillis()).isZero();
  }

  @Test
  void randomBytesAreNoEntry() {
    for (int i = 0; i < 20_000; i++) {
      assertThat(Envelope.read(bytes(random.nextInt(128)), Tags.NONE, MOST)).isNull();
    }
  }

  @Test
  void randomBytesBehindAGoodStartAreNoEntry() {
    for (int i = 0; i < 20_000; i++) {
      byte[] garbage = bytes(4 + random.nextInt(128));
      garbage[0] = 'L';
      garbage[1] = (byte) (64 + random.nextInt(2));
      assertThat(Envelope.read(garbage, Tags.NONE, MOST)).isNull();
    }
  }

  /** Bytes that some other program has summed up rightly are judged by their content. */
  @Test
  void randomBytesUnderARightChecksumNeverThrow() {
    int entries = 0;
    for (int i = 0; i < 50_000; i++) {
      byte[] garbage = bytes(27 + random.nextInt(64));
      garbage[0] = 'L';
      garbage[1] = (byte) (64 + random.nextInt(32));
      Envelope read = Envelope.read(summedUp(garbage), Tags.NONE, MOST);
      entries += read == null ? 0 : 1;
    }
    assertThat(entries).as("some of them are entries").isBetween(1, 40_000);
  }

  @Test
  void whatNoWriterWritesIsNoEntryUnderARightChecksum() {
    byte[] good = Envelope.of(7, Encoding.JSON, MARK, bytes(10)).write(Tags.NONE);
    assertThat(Envelope.read(summedUp(good), Tags.NONE, MOST)).isNotNull();
    assertThat(good[1]).isEqualTo((byte) 64);
    assertThat(none(with(good, 1, 0))).as("another format").isTrue();
    assertThat(none(with(good, 1, 1))).as("another format").isTrue();
    assertThat(none(with(good, 1, 3 << 5))).as("another format").isTrue();
    assertThat(none(with(good, 1, 6 << 5))).as("another format").isTrue();
    assertThat(none(with(good, 1, 64 + 1))).as("not found, with a payload").isTrue();
    assertThat(none(with(good, 1, 64 + 2))).as("compressed, and not").isTrue();
    assertThat(none(with(good, 1, 64 + 3))).as("not found, and compressed").isTrue();
    assertThat(none(with(good, 1, 64 + (3 << 2)))).as("another codec").isTrue();
    assertThat(none(with(good, 1, 64 + (7 << 2)))).as("another codec").isTrue();
    assertThat(none(with(good, 26, 0))).as("epoch 0").isTrue();
    assertThat(none(with(good, 30, 0x7f))).as("more tags than bytes").isTrue();
    assertThat(none(with(good, 30, 0x80))).as("a number longer than it need be").isTrue();
    assertThat(none(numbers(0x89, 0x00, 0, 0))).as("a number longer than it need be").isTrue();
    assertThat(none(numbers(9, 0, 0, 1, 2))).as("the shortest numbers").isFalse();
    assertThat(none(numbers(9, 0xff, 0xff, 0xff, 0xff, 0x07, 0, 1))).as("most cost").isFalse();
    assertThat(none(numbers(9, 0x80, 0x80, 0x80, 0x80, 0x08, 0, 1))).as("more cost").isTrue();
    assertThat(none(numbers(9, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 1)))
        .as("very many tags")
        .isTrue();
    assertThat(none(numbers(9, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1)))
        .as("a number of more than 63 bits")
        .isTrue();
    assertThat(none(numbers(9, 0, 0x80))).as("a number without an end").isTrue();
    assertThat(Envelope.read(with(notFound(7, MARK), 1, 64), Tags.NONE, MOST))
        .as("found, and nothing")
        .isNull();
  }

  @Test
  void aTruncatedEntryIsNone() {
    for (byte[] written : both()) {
      for (int length = 0; length < written.length; length++) {
        assertThat(Envelope.read(Arrays.copyOf(written, length), Tags.NONE, MOST)).isNull();
      }
    }
  }

  @Test
  void anExtendedEntryIsNone() {
    for (byte[] written : both()) {
      for (int more = 1; more < 50; more++) {
        assertThat(Envelope.read(Arrays.copyOf(written, written.length + more), Tags.NONE, MOST))
            .isNull();
      }
    }
  }

  @Test
  void anEntryWithAnyBitFlippedIsNone() {
    for (byte[] written : both()) {
      for (int bit = 0; bit < written.length * 8; bit++) {
        byte[] flipped = written.clone();
        flipped[bit / 8] ^= (byte) (1 << (bit % 8));
        assertThat(Envelope.read(flipped, Tags.NONE, MOST)).as("bit %d", bit).isNull();
      }
    }
  }

  @Test
  void anEntryWithAnyTwoBitsFlippedIsNone() {
    byte[] written = Envelope.of(7, Encoding.JSON, MARK, bytes(40)).write(Tags.NONE);
    for (int i = 0; i < 20_000; i++) {
      byte[] flipped = written.clone();
      int first = random.nextInt(written.length * 8);
      int second = random.nextInt(written.length * 8);
      flipped[first / 8] ^= (byte) (1 << (first % 8));
      flipped[second / 8] ^= (byte) (1 << (second % 8));
      assertThat(Envelope.read(flipped, Tags.NONE, MOST) == null || first == second).isTrue();
    }
  }

  private byte[][] both() {
    return new byte[][] {
      Envelope.of(7, Encoding.JSON, MARK, bytes(60)).write(Tags.NONE), notFound(7, MARK)
    };
  }

  private static byte[] notFound(long fingerprint, EntryMark mark) {
    return Envelope.of(fingerprint, Encoding.JSON, mark, new byte[0]).write(Tags.NONE);
  }

  private static byte[] with(byte[] good, int offset, int octet) {
    byte[] changed = good.clone();
    changed[offset] = (byte) octet;
    return summedUp(changed);
  }

  private static boolean none(byte[] bytes) {
    return Envelope.read(bytes, Tags.NONE, MOST) == null;
  }

  /** An entry whose numbers of no fixed length, and what follows them, are these octets. */
  private static byte[] numbers(int... octets) {
    byte[] good = Envelope.of(7, Encoding.JSON, MARK, new byte[1]).write(Tags.NONE);
    byte[] changed = Arrays.copyOf(good, 27 + octets.length);
    for (int i = 0; i < octets.length; i++) {
      changed[27 + i] = (byte) octets[i];
    }
    return summedUp(changed);
  }

  private static byte[] summedUp(byte[] bytes) {
    ByteBuffer.wrap(bytes).putInt(CHECKSUM, checksumWithout(bytes));
    return bytes;
  }

  private static int checksumWithout(byte[] bytes) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, 0, CHECKSUM);
    sum.update(bytes, CHECKSUM + 4, bytes.length - CHECKSUM - 4);
    return (int) sum.getValue();
  }

  private EntryMark anyMark() {
    Position asOf =
        new Position(1 + random.nextInt(1_000_000), random.nextLong() >>> (1 + random.nextInt(62)));
    Tags tags = Tags.ofHashes(random.longs(random.nextInt(20)).toArray());
    return new EntryMark(asOf, tags, random.nextLong() >>> 16, random.nextInt(Integer.MAX_VALUE));
  }

  private static Envelope read(byte[] bytes) {
    return Objects.requireNonNull(Envelope.read(bytes, Tags.NONE, MOST), "no entry");
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
