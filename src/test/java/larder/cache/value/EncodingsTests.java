package larder.cache.value;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import larder.cache.Encoding;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.ResolvableType;

/** What encodings have in common, and what each looks like. */
class EncodingsTests {

  record Name(String first, @Nullable String last) {}

  record Person(long id, Name name, Instant since, List<Name> friends) {}

  @JsonPropertyOrder({"b", "a"})
  record Ordered(int a, int b) {}

  interface Renaming {
    @JsonProperty("other")
    String text();
  }

  record Renamed(String text, int number) implements Renaming {}

  record Holder<T>(@Nullable T value) {}

  private final ValueTypes types = new ValueTypes(FieldMapper.create().getTypeFactory());
  private final ValueCodec codec = new ValueCodec(100_000);

  private static final Person PERSON =
      new Person(
          7,
          new Name("Ada", null),
          Instant.ofEpochSecond(1_700_000_000),
          List.of(new Name("Grace", "Hopper")));

  /**
   * What one encoding refuses, all do, so that a setting never changes what is cached. Only the
   * binary one knows more kinds of numbers where no type is declared, and no text that is no
   * Unicode.
   */
  @ParameterizedTest
  @MethodSource({
    "larder.cache.value.ValueCodecTests#scalars",
    "larder.cache.value.ValueCodecTests#times",
    "larder.cache.value.ValueCodecTests#oddities",
    "larder.cache.value.ValueCodecTests#pages"
  })
  void allEncodingsRefuseTheSame(Object value) {
    for (Type type :
        List.<Type>of(
            value.getClass(),
            Object.class,
            ResolvableType.forClassWithGenerics(Holder.class, value.getClass()).getType(),
            ResolvableType.forClassWithGenerics(Holder.class, Object.class).getType())) {
      Object sent = type instanceof Class<?> ? value : new Holder<>(value);
      Set<Encoding> accepting = EnumSet.noneOf(Encoding.class);
      for (Encoding encoding : Encoding.values()) {
        if (codec.encode(types.of(type).in(encoding), sent) instanceof Encoded.Bytes) {
          accepting.add(encoding);
        }
      }
      boolean json = accepting.contains(Encoding.JSON);
      String what = "%s as %s: %s".formatted(value.getClass(), type, accepting);
      assertThat(accepting.contains(Encoding.COMPACT)).as(what).isEqualTo(json);
      boolean differs =
          (type.getTypeName().contains("Object") && value instanceof Number) || isNoUnicode(value);
      assertThat(accepting.contains(Encoding.SMILE) == json || differs).as(what).isTrue();
    }
  }

  private static boolean isNoUnicode(Object value) {
    return value instanceof String text
        ? text.contains("\ud800")
        : value.getClass() == List.of("").getClass() && ((List<?>) value).contains("\ud800");
  }

  @Test
  void compactHasNoNamesAndNumbersForInstants() {
    assertThat(text(Person.class, PERSON))
        .isEqualTo("[7,[\"Ada\",null],1700000000,[[\"Grace\",\"Hopper\"]]]");
    assertThat(text(Instant.class, Instant.ofEpochSecond(-1, 999_999_999)))
        .isEqualTo("[-1,999999999]");
    assertThat(text(UUID.class, new UUID(1, 2)))
        .isEqualTo("\"00000000-0000-0001-0000-000000000002\"");
  }

  /** Annotations may change names and order, and the fingerprint would not tell. */
  @Test
  void compactKeepsTheNamesOfAnnotatedRecords() {
    assertThat(text(Ordered.class, new Ordered(1, 2))).isEqualTo("{\"b\":2,\"a\":1}");
    assertThat(text(Renamed.class, new Renamed("a", 1))).startsWith("{").contains("\"number\":1");
  }

  @Test
  void instantsThatAreNoneAreAbsent() {
    ValueType type = types.of(Instant.class);
    for (String json :
        List.of(
            "[1]",
            "[1,0]",
            "[1,1000000000]",
            "[1,-1]",
            "[1,2,3]",
            "[1,\"2\"]",
            "[]",
            "1.5",
            "\"1\"",
            "\"2026-01-01T00:00:00Z\"",
            "31556889864403200",
            "99999999999999999999",
            "null",
            "{}")) {
      assertThat(codec.decode(type, json.getBytes(StandardCharsets.UTF_8))).as(json).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource
  void peopleSeeNames(Encoding encoding) {
    ValueType type = types.of(Person.class).in(encoding);
    byte[] bytes = bytes(type, PERSON);

    assertThat(codec.tree(encoding, type, bytes))
        .hasToString(
            "{\"id\":7,\"name\":{\"first\":\"Ada\",\"last\":null},"
                + "\"since\":\"2023-11-14T22:13:20Z\","
                + "\"friends\":[{\"first\":\"Grace\",\"last\":\"Hopper\"}]}");
    assertThat(Objects.requireNonNull(codec.tree(encoding, null, bytes)).size()).isEqualTo(4);
    assertThat(codec.tree(encoding, type, new byte[] {'{', 3, -1})).isNull();
    assertThat(codec.tree(encoding, null, new byte[] {'{', 3, -1})).isNull();
  }

  /** The aim is 0.7 of what Redisson takes, which keeps JSON. */
  @Test
  void smallRecordsTakeLessInCompactAndLessStillInSmile() {
    List<Integer> sizes = new ArrayList<>();
    for (Encoding encoding : List.of(Encoding.JSON, Encoding.COMPACT, Encoding.SMILE)) {
      sizes.add(bytes(types.of(Person.class).in(encoding), PERSON).length);
    }
    assertThat(sizes).isSortedAccordingTo((a, b) -> Integer.compare(b, a));
    assertThat(sizes.get(1)).isLessThan(sizes.get(0) / 2);
  }

  private String text(Type type, Object value) {
    return new String(bytes(types.of(type), value), StandardCharsets.UTF_8);
  }

  private byte[] bytes(ValueType type, Object value) {
    return ((Encoded.Bytes) codec.encode(type, value)).bytes();
  }
}
