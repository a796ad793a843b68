package larder.cache.value;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Currency;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import larder.cache.Encoding;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.PageImpl;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Pageable;
import org.springframework.data.domain.Sort;

/** What every encoding keeps; its subclasses say which. */
abstract class ValueCodecTests {

  private static final int MAX = 100_000;

  /** Two constants that look the same. */
  enum Twin {
    LEFT,
    RIGHT;

    @Override
    public String toString() {
      return "twin";
    }
  }

  record Point(int x, int y) {}

  record Holder<T>(@Nullable T value) {}

  record Masked(String secret) {
    @Override
    public String secret() {
      return "***";
    }
  }

  /** A record that is not what it was made of. */
  record Grown(String text) {
    Grown {
      text += "!";
    }
  }

  record Manifold(String a, int b) {
    Manifold(String both) {
      this(both, 1);
    }

    Manifold(int b) {
      this("", b);
    }

    static Manifold valueOf(String text) {
      return new Manifold(text);
    }
  }

  record Id(long value) {
    static Id of(String text) {
      return new Id(Long.parseLong(text));
    }
  }

  record HidesPart(String name, @JsonIgnore String secret) {}

  record Tree(String name, List<Tree> children) {}

  static class Animal {
    private final String name;
    protected int legs;

    Animal(String name, int legs) {
      this.name = name;
      this.legs = legs;
    }

    String name() {
      return name;
    }
  }

  static final class Dog extends Animal {
    private boolean good = true;

    /** For what reads values back. */
    private Dog() {
      this("");
    }

    Dog(String name) {
      super(name, 4);
    }

    void scold() {
      good = false;
    }
  }

  static class Empty {}

  static class Names extends ArrayList<String> {
    private static final long serialVersionUID = 1L;
    private String title = "";

    String title() {
      return title;
    }
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Circle.class, name = "circle"),
    @JsonSubTypes.Type(value = Square.class, name = "square")
  })
  interface Shape {}

  record Circle(int radius) implements Shape {}

  record Square(int side) implements Shape {}

  private final Encoding encoding;

  ValueCodecTests(Encoding encoding) {
    this.encoding = encoding;
  }

  private final ValueTypes types = new ValueTypes(FieldMapper.create().getTypeFactory());
  private final ValueCodec codec = new ValueCodec(MAX);

  static Stream<Object> scalars() {
    return Stream.of(
        "",
        "a\"\\\n\u0000 ä 😀 \u2028",
        true,
        'x',
        '\u0000',
        ' ',
        (byte) -1,
        Short.MIN_VALUE,
        Integer.MAX_VALUE,
        Long.MIN_VALUE,
        1.5f,
        Float.MIN_VALUE,
        Float.NaN,
        -0.0,
        Math.PI,
        Double.MAX_VALUE,
        Double.MIN_VALUE,
        Double.NaN,
        Double.NEGATIVE_INFINITY,
        new BigInteger("123456789012345678901234567890"),
        new BigDecimal("1.50"),
        new BigDecimal("1.500000000000000000000000000000000000001"),
        new BigDecimal("0E+3"),
        new BigDecimal("1E+30"),
        new BigDecimal("-1E-30"),
        UUID.fromString("abcdef00-0000-4000-8000-000000000001"),
        URI.create("http://example.org/a%20b?c=d#e"),
        URI.create(""),
        Locale.ROOT,
        Locale.GERMANY,
        Locale.ENGLISH,
        Locale.SIMPLIFIED_CHINESE,
        Locale.forLanguageTag("zh-Hant-TW"),
        Locale.forLanguageTag("de-DE-u-co-phonebk"),
        Locale.forLanguageTag("sl-rozaj"),
        Currency.getInstance("EUR"),
        OptionalInt.of(3),
        OptionalInt.empty(),
        OptionalLong.of(Long.MAX_VALUE),
        OptionalDouble.of(1.5),
        OptionalDouble.empty(),
        Twin.LEFT,
        Twin.RIGHT);
  }

  static Stream<Object> times() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    LocalDateTime local = LocalDateTime.of(2026, 10, 25, 2, 30, 0, 123_456_789);
    return Stream.of(
        Instant.parse("2026-01-02T03:04:05.123456789Z"),
        Instant.EPOCH,
        Instant.MAX,
        Instant.MIN,
        LocalDate.of(2026, 1, 2),
        LocalDate.MIN,
        LocalDate.MAX,
        LocalTime.of(3, 4),
        LocalTime.MAX,
        local,
        LocalDateTime.of(2026, 1, 2, 3, 4),
        LocalDateTime.MIN,
        local.atZone(berlin),
        local.atZone(berlin).withLaterOffsetAtOverlap(),
        local.atZone(ZoneOffset.ofHours(2)),
        local.atZone(ZoneOffset.UTC),
        local.atZone(ZoneId.of("UTC")),
        local.atZone(ZoneId.of("GMT+2")),
        local.atZone(ZoneId.of("Etc/GMT-3")),
        OffsetDateTime.of(local, ZoneOffset.ofHoursMinutes(-3, -30)),
        OffsetDateTime.of(local, ZoneOffset.UTC),
        OffsetTime.of(3, 4, 5, 6, ZoneOffset.ofHours(1)),
        Duration.ofSeconds(-5, 7),
        Duration.ZERO,
        Period.of(1, -2, 30),
        Year.of(2026),
        Year.of(-44),
        Year.of(12_026),
        YearMonth.of(2026, 2),
        YearMonth.of(12_026, 2),
        MonthDay.of(2, 29),
        DayOfWeek.FRIDAY,
        Month.MAY,
        ZoneOffset.ofHours(1),
        berlin);
  }

  @ParameterizedTest
  @MethodSource({"scalars", "times"})
  void bringsBackAScalar(Object value) {
    Type type = value instanceof ZoneId ? ZoneId.class : value.getClass();

    assertThat(there(type, value)).isEqualTo(value);
  }

  @ParameterizedTest
  @MethodSource({"scalars", "times"})
  void bringsBackAScalarInARecord(Object value) {
    Class<?> type = value instanceof ZoneId ? ZoneId.class : value.getClass();
    Type holder =
        org.springframework.core.ResolvableType.forClassWithGenerics(Holder.class, type).getType();

    assertThat(there(holder, new Holder<>(value))).isEqualTo(new Holder<>(value));
    if (!type.getName().contains("Optional")) {
      assertThat(there(holder, new Holder<>(null))).isEqualTo(new Holder<>(null));
    }
  }

  @Test
  void bringsBackTimesByTheThousand() {
    Random random = new Random(5);
    List<String> zones = ZoneId.getAvailableZoneIds().stream().sorted().toList();
    List<ZonedDateTime> times = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      Instant instant = Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
      times.add(instant.atZone(ZoneId.of(zones.get(random.nextInt(zones.size())))));
    }
    assertThat(there(new ParameterizedTypeReference<List<ZonedDateTime>>() {}, times))
        .isEqualTo(times);
  }

  @Test
  void aPrimitiveIsReadAsItsBox() {
    assertThat(there(int.class, 7)).isEqualTo(7);
    assertThat(there(boolean.class, false)).isEqualTo(false);
  }

  @Test
  void bringsBackContainers() {
    Map<Twin, Integer> byEnum = new EnumMap<>(Map.of(Twin.LEFT, 1, Twin.RIGHT, 2));
    assertThat(there(new ParameterizedTypeReference<Map<Twin, Integer>>() {}, byEnum))
        .isEqualTo(byEnum);
    Map<UUID, List<Integer>> byId = Map.of(new UUID(1, 2), List.of(3), new UUID(3, 4), List.of());
    assertThat(there(new ParameterizedTypeReference<Map<UUID, List<Integer>>>() {}, byId))
        .isEqualTo(byId);
    Map<Integer, String> byNumber = Map.of(1, "a", -2, "b");
    assertThat(there(new ParameterizedTypeReference<Map<Integer, String>>() {}, byNumber))
        .isEqualTo(byNumber);
    List<@Nullable String> withHoles = Arrays.asList("a", null);
    assertThat(there(new ParameterizedTypeReference<List<String>>() {}, withHoles))
        .isEqualTo(withHoles);
    assertThat((byte[]) there(byte[].class, new byte[] {1, -1})).containsExactly(1, -1);
    assertThat((char[]) there(char[].class, new char[] {'a', 'b'})).containsExactly('a', 'b');
    assertThat((int[][]) there(int[][].class, new int[][] {{1}, {}}))
        .isDeepEqualTo(new int[][] {{1}, {}});
  }

  @Test
  void bringsBackASetInItsOrder() {
    Set<Integer> set = new LinkedHashSet<>();
    for (int i = 100; i > 0; i--) {
      set.add(i * 7919 % 1009);
    }
    Object back = there(new ParameterizedTypeReference<Set<Integer>>() {}, set);

    assertThat(new ArrayList<Object>((Set<?>) back)).isEqualTo(new ArrayList<Object>(set));
  }

  @Test
  void bringsBackNestedOptionals() {
    var type = new ParameterizedTypeReference<Holder<Optional<Point>>>() {};
    assertThat(there(type, new Holder<>(Optional.of(new Point(1, 2)))))
        .isEqualTo(new Holder<>(Optional.of(new Point(1, 2))));
    assertThat(there(type, new Holder<>(Optional.empty())))
        .isEqualTo(new Holder<>(Optional.empty()));
  }

  @Test
  void bringsBackFieldsThatNothingShows() {
    Dog dog = new Dog("Rex");
    dog.scold();
    dog.legs = 3;
    Dog back = (Dog) there(Dog.class, dog);

    assertThat(back.name()).isEqualTo("Rex");
    assertThat(back.legs).isEqualTo(3);
    assertThat(back.good).isFalse();
  }

  @Test
  void bringsBackWhatARecordHolds() {
    Masked back = (Masked) there(Masked.class, new Masked("secret"));

    assertThat(back).isEqualTo(new Masked("secret")).hasToString("Masked[secret=secret]");
    assertThat(there(Manifold.class, new Manifold("a", 2))).isEqualTo(new Manifold("a", 2));
    assertThat(there(Id.class, new Id(7))).isEqualTo(new Id(7));
    Tree tree = new Tree("a", List.of(new Tree("b", List.of()), new Tree("c", List.of())));
    assertThat(there(Tree.class, tree)).isEqualTo(tree);
  }

  @Test
  void bringsBackANamedSubtype() {
    List<Shape> shapes = List.of(new Circle(1), new Square(2));

    assertThat(there(new ParameterizedTypeReference<List<Shape>>() {}, shapes)).isEqualTo(shapes);
  }

  static Stream<Page<Point>> pages() {
    List<Point> content = List.of(new Point(1, 2), new Point(3, 4));
    Sort sort =
        Sort.by(Sort.Order.desc("a").ignoreCase().nullsFirst(), Sort.Order.asc("b").nullsLast());
    return Stream.of(
        new PageImpl<>(content, PageRequest.of(3, 2, sort), 40),
        new PageImpl<>(content, PageRequest.of(0, 20), 2),
        new PageImpl<>(content, PageRequest.of(0, 20), 0),
        new PageImpl<>(List.of(), PageRequest.of(9, 20), 7),
        new PageImpl<>(content),
        Page.empty());
  }

  @ParameterizedTest
  @MethodSource("pages")
  void bringsBackAPage(Page<Point> page) {
    Page<?> back = (Page<?>) there(new ParameterizedTypeReference<Page<Point>>() {}, page);

    assertThat(back).isEqualTo(page);
    assertThat(back.getTotalElements()).isEqualTo(page.getTotalElements());
    assertThat(back.getPageable()).isEqualTo(page.getPageable());
  }

  @ParameterizedTest
  @MethodSource("pages")
  void bringsBackAPageInsideOfOtherThings(Page<Point> page) {
    assertThat(there(new ParameterizedTypeReference<Holder<Page<Point>>>() {}, new Holder<>(page)))
        .isEqualTo(new Holder<>(page));
    assertThat(there(new ParameterizedTypeReference<List<Page<Point>>>() {}, List.of(page)))
        .isEqualTo(List.of(page));
    assertThat(
            there(
                new ParameterizedTypeReference<Holder<Map<String, Page<Point>>>>() {},
                new Holder<>(Map.of("a", page))))
        .isEqualTo(new Holder<>(Map.of("a", page)));
  }

  @Test
  void bringsBackNotFound() {
    ValueType type = of(Point.class);
    Encoded encoded = codec.encode(type, null);

    assertThat(codec.decode(type, ((Encoded.Bytes) encoded).bytes())).isEqualTo(new Decoded(null));
  }

  @Test
  void refusesWhatComesBackWithAPartMissing() {
    refuses(HidesPart.class, new HidesPart("a", "b"), "");
    refuses(Animal.class, new Dog("Rex"), "");
    refuses(Object.class, new Point(1, 2), "does not survive");
    Names names = new Names();
    names.title = "all";
    refuses(Names.class, names, "does not survive");
    refuses(
        new ParameterizedTypeReference<Map<String, Integer>>() {},
        new TreeMap<>(String.CASE_INSENSITIVE_ORDER),
        "does not survive");
    refuses(
        new ParameterizedTypeReference<Holder<Optional<Optional<String>>>>() {},
        new Holder<>(Optional.empty()),
        "does not survive");
    refuses(
        new ParameterizedTypeReference<Page<Point>>() {},
        new PageImpl<>(List.of(new Point(1, 1)), Pageable.unpaged(Sort.by("x")), 1),
        "does not survive");
  }

  /** Whoever fails a trial is never let out without one, however often it comes. */
  @Test
  void refusesWhatDoesNotSurviveEveryTime() {
    for (int i = 0; i < 100; i++) {
      refuses(Grown.class, new Grown("a"), "does not survive");
    }
  }

  /** What some values of a type survive, others may not. */
  @Test
  void refusesWhatDoesNotSurviveAfterManyThatDid() {
    var map = new ParameterizedTypeReference<Map<String, Integer>>() {};
    var nested = new ParameterizedTypeReference<Holder<Optional<Optional<String>>>>() {};
    var page = new ParameterizedTypeReference<Page<Point>>() {};
    Holder<Optional<Point>> none = new Holder<>(null);
    for (int i = 0; i < 100; i++) {
      there(map, Map.of("a", i));
      there(nested, new Holder<>(Optional.of(Optional.of("a"))));
      there(page, new PageImpl<>(List.of(new Point(i, i))));
      there(
          new ParameterizedTypeReference<Holder<Optional<Point>>>() {},
          new Holder<>(Optional.of(new Point(i, i))));
    }
    refuses(map, new TreeMap<>(String.CASE_INSENSITIVE_ORDER), "");
    refuses(nested, new Holder<>(Optional.empty()), "");
    refuses(page, new PageImpl<>(List.of(new Point(1, 1)), Pageable.unpaged(Sort.by("x")), 1), "");
    refuses(new ParameterizedTypeReference<Holder<Optional<Point>>>() {}, none, "");
  }

  static Stream<Object> oddities() {
    return Stream.of(
        new Random(1),
        new Thread(),
        new java.util.BitSet(),
        new java.util.concurrent.atomic.AtomicReference<>("a"),
        new java.util.concurrent.locks.ReentrantLock(),
        new java.io.File("a"),
        java.nio.file.Path.of("a"),
        java.util.regex.Pattern.compile("a"),
        new IllegalStateException("a"),
        new StackTraceElement("a", "b", "c", 1),
        (Runnable) () -> {},
        new Object() {},
        new Empty(),
        new org.springframework.util.LinkedMultiValueMap<>(Map.of("a", List.of("b"))),
        new java.sql.Timestamp(5),
        new java.util.Properties(),
        java.util.TimeZone.getDefault(),
        new java.util.GregorianCalendar(),
        Collections.unmodifiableList(new ArrayList<>(List.of("a"))),
        Collections.synchronizedMap(new HashMap<>(Map.of("a", 1))),
        new HashMap<>(Map.of(new Point(1, 2), 3)),
        new HashSet<>(Set.of(1, 2)),
        Collections.singletonMap(null, 1),
        new Exploding(),
        new Exploding[] {new Exploding()},
        String.class,
        "\ud800",
        List.of("\ud800"),
        new int[0],
        java.lang.reflect.Proxy.newProxyInstance(
            ValueCodecTests.class.getClassLoader(),
            new Class<?>[] {Shape.class},
            (proxy, method, args) -> {
              throw new IllegalStateException(method.getName());
            }));
  }

  /** A container that answers with an exception, as a lazy one outside of its session does. */
  static final class Exploding extends java.util.AbstractList<String> {
    @Override
    public String get(int index) {
      throw new IllegalStateException("outside of its session");
    }

    @Override
    public int size() {
      throw new IllegalStateException("outside of its session");
    }
  }

  @ParameterizedTest
  @MethodSource("oddities")
  void anOddValueIsRefusedOrComesBackWholeAndNeverThrows(Object value) {
    for (Type type : List.<Type>of(value.getClass(), Object.class)) {
      ValueType surveyed = of(type);
      if (codec.encode(surveyed, value) instanceof Encoded.Bytes bytes) {
        assertThat(SameValue.same(value, decoded(surveyed, bytes.bytes()))).isTrue();
      }
    }
  }

  @Test
  void refusesALoop() {
    List<Object> snake = new ArrayList<>();
    snake.add(snake);

    refuses(new ParameterizedTypeReference<List<Object>>() {}, snake, "");
  }

  @Test
  void refusesWhatIsTooLarge() {
    there(String.class, "x".repeat(MAX - 10));
    refuses(
        String.class, "x".repeat(MAX), " bytes, more than larder.remote.max-value-size (100,000)");
  }

  @Test
  void refusesAValueOfAnotherType() {
    refuses(Point.class, "text", "java.lang.String is not a " + of(Point.class));
    refuses(int.class, "text", "java.lang.String is not a int");
    refuses(Long.class, 1, "");
  }

  @Test
  void readsNothingOfAnotherType() {
    byte[] bytes = bytes(of(Point.class), new Point(1, 2));

    assertThat(codec.decode(of(Circle.class), bytes)).isNull();
    assertThat(of(Circle.class).fingerprint()).isNotEqualTo(of(Point.class).fingerprint());
  }

  @Test
  void readsNothingFromGarbage() {
    ValueType type = of(Point.class);
    for (String json :
        List.of(
            " ",
            "null",
            "{",
            "[]",
            "{}",
            "{\"x\":1}",
            "{\"x\":1,\"y\":\"2\"}",
            "{\"x\":1,\"y\":2,\"z\":3}",
            "{\"x\":1,\"y\":null}",
            "{\"x\":1,\"y\":2}}",
            "7",
            "{\"x\":1.5,\"y\":2}",
            "{\"x\":99999999999,\"y\":2}",
            "\"x\"",
            "[1]",
            "[1,null]",
            "[1,\"2\"]",
            "[1.5,2]",
            "[1,2,3]",
            "[1,2]]",
            "[99999999999,2]",
            "[[1,2]]",
            "[{\"x\":1},2]")) {
      byte[] bytes = json.getBytes(java.nio.charset.StandardCharsets.UTF_8);
      assertThat(codec.decode(type, bytes)).as(json).isNull();
    }
  }

  /** Whatever stands in Redis: no exception, and nothing of another type. */
  @Test
  void damagedBytesAreAbsentOrAValueOfTheType() {
    Random random = new Random(20261122);
    Map<Type, Object> values =
        Map.of(
            Tree.class, new Tree("a", List.of(new Tree("b", List.of()))),
            Dog.class, new Dog("Rex"),
            Instant.class, Instant.ofEpochSecond(1_700_000_000, 123_456_789),
            BigDecimal.class, new BigDecimal("-1E-30"),
            byte[].class, new byte[] {1, 2, 3, 4, 5, 6, 7, 8},
            Shape.class, new Circle(7),
            Masked.class, new Masked("a\n\u0000 ä 😀"));
    values.forEach(
        (type, value) -> {
          ValueType surveyed = of(type);
          byte[] good = bytes(surveyed, value);
          for (int i = 0; i < 3_000; i++) {
            Decoded read = codec.decode(surveyed, damaged(good, random));
            if (read != null && read.value() != null) {
              assertThat(read.value()).isInstanceOf(surveyed.java().getRawClass());
            }
          }
        });
  }

  private static byte[] damaged(byte[] good, Random random) {
    byte[] bytes = good.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      bytes[random.nextInt(bytes.length)] =
          (byte) (random.nextBoolean() ? 0xff - random.nextInt(3) : random.nextInt(256));
    }
    return random.nextInt(3) == 0 ? Arrays.copyOf(bytes, random.nextInt(2 * bytes.length)) : bytes;
  }

  private Object there(ParameterizedTypeReference<?> type, Object value) {
    return there(type.getType(), value);
  }

  private ValueType of(Type type) {
    return types.of(type).in(encoding);
  }

  private Object there(Type type, Object value) {
    ValueType surveyed = of(type);
    return decoded(surveyed, bytes(surveyed, value));
  }

  private Object decoded(ValueType type, byte[] bytes) {
    Decoded decoded = Objects.requireNonNull(codec.decode(type, bytes), "nothing was read");
    return Objects.requireNonNull(decoded.value(), "not found");
  }

  private byte[] bytes(ValueType type, Object value) {
    Encoded encoded = codec.encode(type, value);
    assertThat(encoded).isInstanceOf(Encoded.Bytes.class);
    return ((Encoded.Bytes) encoded).bytes();
  }

  private void refuses(ParameterizedTypeReference<?> type, Object value, String reason) {
    refuses(type.getType(), value, reason);
  }

  private void refuses(Type type, Object value, String reason) {
    assertThat(codec.encode(of(type), value))
        .isInstanceOfSatisfying(
            Encoded.Refused.class, refused -> assertThat(refused.reason()).contains(reason));
  }
}
