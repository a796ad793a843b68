package larder.cache.value;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EnvelopeTests {

  private final Random random = new Random(20260102);

  @Test
  void bringsBackWhatWasWritten() {
    for (int i = 0; i < 2_000; i++) {
      byte[] payload = bytes(random.nextInt(300));
      long fingerprint = random.nextLong();
      Envelope read = read(Envelope.of(fingerprint, payload).write());

      assertThat(read.fingerprint()).isEqualTo(fingerprint);
      assertThat(read.payload()).isEqualTo(payload);
      assertThat(read.notFound()).isFalse();
    }
  }

  @Test
  void bringsBackNotFound() {
    Envelope read = read(Envelope.ofNotFound(Long.MIN_VALUE).write());

    assertThat(read.fingerprint()).isEqualTo(Long.MIN_VALUE);
    assertThat(read.notFound()).isTrue();
    assertThat(read.payload()).isEmpty();
  }

  @Test
  void hasTheLayoutItDocuments() {
    byte[] written = Envelope.of(0x0102030405060708L, "{}".getBytes(UTF_8)).write();

    assertThat(written).hasSize(18).startsWith('L', 1, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(written).endsWith('{', '}');
    assertThat(Envelope.ofNotFound(0).write()).hasSize(16).startsWith('L', 1, 1, 0);
  }

  @Test
  void randomBytesAreNoEntry() {
    for (int i = 0; i < 20_000; i++) {
      assertThat(Envelope.read(bytes(random.nextInt(64)))).isNull();
    }
  }

  @Test
  void randomBytesBehindAGoodStartAreNoEntry() {
    for (int i = 0; i < 20_000; i++) {
      byte[] garbage = bytes(4 + random.nextInt(64));
      garbage[0] = 'L';
      garbage[1] = 1;
      garbage[2] = (byte) random.nextInt(2);
      garbage[3] = 0;
      assertThat(Envelope.read(garbage)).isNull();
    }
  }

  @Test
  void aTruncatedEntryIsNone() {
    byte[] written = Envelope.of(7, bytes(100)).write();
    for (int length = 0; length < written.length; length++) {
      assertThat(Envelope.read(Arrays.copyOf(written, length))).isNull();
    }
    byte[] notFound = Envelope.ofNotFound(7).write();
    for (int length = 0; length < notFound.length; length++) {
      assertThat(Envelope.read(Arrays.copyOf(notFound, length))).isNull();
    }
  }

  @Test
  void anExtendedEntryIsNone() {
    byte[] written = Envelope.of(7, bytes(100)).write();
    for (int more = 1; more < 50; more++) {
      assertThat(Envelope.read(Arrays.copyOf(written, written.length + more))).isNull();
    }
    byte[] notFound = Envelope.ofNotFound(7).write();
    assertThat(Envelope.read(Arrays.copyOf(notFound, notFound.length + 1))).isNull();
  }

  @Test
  void anEntryWithAnyBitFlippedIsNone() {
    for (byte[] written :
        new byte[][] {Envelope.of(7, bytes(60)).write(), Envelope.ofNotFound(7).write()}) {
      for (int bit = 0; bit < written.length * 8; bit++) {
        byte[] flipped = written.clone();
        flipped[bit / 8] ^= (byte) (1 << (bit % 8));
        assertThat(Envelope.read(flipped)).as("bit %d", bit).isNull();
      }
    }
  }

  @Test
  void anEntryWithAnyTwoBitsFlippedIsNone() {
    byte[] written = Envelope.of(7, bytes(40)).write();
    for (int i = 0; i < 20_000; i++) {
      byte[] flipped = written.clone();
      int first = random.nextInt(written.length * 8);
      int second = random.nextInt(written.length * 8);
      flipped[first / 8] ^= (byte) (1 << (first % 8));
      flipped[second / 8] ^= (byte) (1 << (second % 8));
      assertThat(Envelope.read(flipped) == null || first == second).isTrue();
    }
  }

  private static Envelope read(byte[] bytes) {
    return java.util.Objects.requireNonNull(Envelope.read(bytes), "no entry");
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
