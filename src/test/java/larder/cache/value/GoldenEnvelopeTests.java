package larder.cache.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import larder.cache.Encoding;
import larder.cache.log.Position;
import larder.cache.log.Tags;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.ParameterizedTypeReference;

/**
 * Entries as each format stored them, in {@code envelope-1.hex} and {@code envelope-2.hex}: one a
 * line, its name and its bytes.
 *
 * <p>They stand in the Redis of running applications: as long as a version reads format 2 it reads
 * them, and as long as it writes format 2 it writes them so to the last bit. A changed file means
 * that every shared entry is lost at the next deploy; a new format has a new file beside these.
 */
class GoldenEnvelopeTests {

  record Account(long id, String name, @Nullable String bio, Instant since, List<UUID> keys) {}

  /**
   * One entry.
   *
   * @param name its name in the file
   * @param implied the tags that it need not hold
   */
  record Entry(String name, ValueType type, @Nullable Object value, EntryMark mark, Tags implied) {

    Entry(String name, ValueType type, @Nullable Object value, EntryMark mark, String... implied) {
      this(name, type, value, mark, Tags.of(implied));
    }

    Entry {
      type = type.in(Encoding.JSON);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static final ValueTypes TYPES = new ValueTypes(FieldMapper.create().getTypeFactory());

  private final ValueCodec codec = new ValueCodec(100_000);

  static Stream<Entry> entries() {
    Account account =
        new Account(
            42,
            "Zoë \"Z\" Ångström",
            null,
            Instant.parse("2026-01-02T03:04:05.123456789Z"),
            List.of(new UUID(1, 2), new UUID(-3, -4)));
    return Stream.of(
        new Entry(
            "record",
            TYPES.of(Account.class),
            account,
            mark(3, "c:accounts", "k:accounts:42"),
            "c:accounts",
            "k:accounts:42"),
        new Entry(
            "not-found",
            TYPES.of(Account.class),
            null,
            mark(0, "c:accounts", "k:accounts:7"),
            "c:accounts",
            "k:accounts:7"),
        new Entry("text", TYPES.of(String.class), "a\n\u0000 ä 😀", mark(1)),
        new Entry(
            "number", TYPES.of(long.class), Long.MIN_VALUE, mark(Integer.MAX_VALUE, "c:n"), "c:n"),
        new Entry(
            "lists",
            TYPES.of(new ParameterizedTypeReference<Map<String, List<Integer>>>() {}.getType()),
            Map.of("a", List.of(1, 2, 3)),
            mark(250, "c:lists", "k:lists:a", "t:rows", "t:rows:1", "a:rows"),
            "c:lists",
            "k:lists:a"));
  }

  private static EntryMark mark(int costMicros, String... tags) {
    Position asOf = new Position((1_767_323_045_123L / 256) << 18, 4_711);
    return new EntryMark(asOf, Tags.of(tags), 1_767_326_645_123L, costMicros);
  }

  @ParameterizedTest
  @MethodSource("entries")
  void anEntryOfTheSecondFormatIsRead(Entry entry) {
    Envelope read =
        Objects.requireNonNull(
            Envelope.read(golden(2, entry.name()), entry.implied(), 100_000), "no entry");

    assertThat(read.fingerprint()).isEqualTo(entry.type().fingerprint());
    assertThat(read.mark()).isEqualTo(entry.mark());
    assertThat(codec.decode(entry.type(), read.payload())).isEqualTo(new Decoded(entry.value()));
  }

  @ParameterizedTest
  @MethodSource("entries")
  void anEntryIsWrittenAsTheSecondFormatHasIt(Entry entry) {
    byte[] payload = ((Encoded.Bytes) codec.encode(entry.type(), entry.value())).bytes();
    byte[] written = Envelope.of(entry.type(), entry.mark(), payload).write(entry.implied());

    assertThat(HexFormat.of().formatHex(written))
        .isEqualTo(HexFormat.of().formatHex(golden(2, entry.name())));
  }

  /**
   * In a rolling deploy, nodes that write the first format stand beside nodes that write the
   * second. Who reads the first looks at nothing behind a second byte that is not 1.
   */
  @ParameterizedTest
  @MethodSource("entries")
  void anEntryOfEachFormatIsNoneInTheOther(Entry entry) {
    assertThat(golden(1, entry.name())).startsWith('L', 1);
    assertThat(Envelope.read(golden(1, entry.name()), entry.implied(), 100_000)).isNull();
    assertThat(Envelope.read(golden(1, entry.name()), Tags.NONE, 100_000)).isNull();
    assertThat(golden(2, entry.name())[1] >> 5).isEqualTo(2);
  }

  private static byte[] golden(int format, String name) {
    String hex =
        lines(format).stream()
            .filter(line -> line.startsWith(name + " "))
            .findFirst()
            .map(line -> line.substring(name.length() + 1))
            .orElseThrow(() -> new AssertionError("format " + format + " has no entry " + name));
    return HexFormat.of().parseHex(hex);
  }

  private static List<String> lines(int format) {
    String name = "envelope-" + format + ".hex";
    try (InputStream file =
        Optional.ofNullable(GoldenEnvelopeTests.class.getResourceAsStream(name)).orElseThrow()) {
      return new String(file.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
