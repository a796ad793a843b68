package larder.cache.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Currency;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Pageable;
import org.springframework.data.domain.Sort;

class KeyTextTests {

  private enum Role {
    ADMIN {
      @Override
      public String toString() {
        return "nobody";
      }
    },
    USER
  }

  private record Box(int width, @Nullable Object depth) {}

  private record Crate(int width, @Nullable Object depth) {}

  private record Nothing() {}

  private static final class Plain {}

  static Stream<Arguments> forms() {
    return Stream.of(
        Arguments.of(42L, "42"),
        Arguments.of(42, "42"),
        Arguments.of((short) -42, "-42"),
        Arguments.of((byte) 42, "42"),
        Arguments.of(new BigInteger("42"), "42"),
        Arguments.of(true, "true"),
        Arguments.of("ada", "ada"),
        Arguments.of("ada.l-b+x@example.org", "ada.l-b+x@example.org"),
        Arguments.of(java.nio.CharBuffer.wrap("ada"), "ada"),
        Arguments.of("42", "\"42\""),
        Arguments.of("", "\"\""),
        Arguments.of("a b", "\"a b\""),
        Arguments.of("a:b", "\"a:b\""),
        Arguments.of("null", "\"null\""),
        Arguments.of("true", "\"true\""),
        Arguments.of("a\"b\\c", "\"a\\\"b\\\\c\""),
        Arguments.of("a\nb", "\"a\\u000ab\""),
        Arguments.of("ä", "\"ä\""),
        Arguments.of("\ud800", "\"\\ud800\""),
        Arguments.of(
            UUID.fromString("abcdef00-0000-4000-8000-000000000001"),
            "abcdef00-0000-4000-8000-000000000001"),
        Arguments.of(
            "abcdef00-0000-4000-8000-000000000001", "\"abcdef00-0000-4000-8000-000000000001\""),
        Arguments.of(SimpleKey.EMPTY, "()"),
        Arguments.of(new SimpleKey("ada", 2), "(ada,2)"),
        Arguments.of(new SimpleKey("ada", null), "(ada,null)"),
        Arguments.of(List.of(1, 2), "[1,2]"),
        Arguments.of(new int[] {1, 2}, "[1,2]"),
        Arguments.of(new String[][] {{"a"}, {}}, "[[a],[]]"),
        Arguments.of(new LinkedHashSet<>(List.of(2, 1)), "Set[1,2]"),
        Arguments.of(new TreeMap<>(Map.of("b", 2, "a", 1)), "Map[a=1,b=2]"),
        Arguments.of(Role.ADMIN, "Role(ADMIN)"),
        Arguments.of(DayOfWeek.MONDAY, "DayOfWeek(MONDAY)"),
        Arguments.of(LocalDate.of(2026, 1, 31), "LocalDate(2026-01-31)"),
        Arguments.of(Instant.EPOCH, "Instant(1970-01-01T00:00:00Z)"),
        Arguments.of(ZoneOffset.ofHours(2), "ZoneOffset(+02:00)"),
        Arguments.of(
            ZonedDateTime.of(2026, 1, 2, 3, 4, 5, 6, ZoneId.of("Europe/Berlin")),
            "ZonedDateTime(\"2026-01-02T03:04:05.000000006+01:00[Europe/Berlin]\")"),
        Arguments.of(1.5, "Double(1.5)"),
        Arguments.of(1.5f, "Float(1.5)"),
        Arguments.of(new BigDecimal("1.50"), "BigDecimal(1.50)"),
        Arguments.of('"', "Character(\"\\\"\")"),
        Arguments.of(Locale.GERMANY, "Locale(de_DE)"),
        Arguments.of(Currency.getInstance("EUR"), "Currency(EUR)"),
        Arguments.of(Optional.of("ada"), "Optional(ada)"),
        Arguments.of(Optional.empty(), "Optional()"),
        Arguments.of(new Box(1, 2), "Box(width=1,depth=2)"),
        Arguments.of(new Box(1, null), "Box(width=1,depth=null)"),
        Arguments.of(new Nothing(), "Nothing()"));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void hasTheFormOfItsTable(Object key, String text) {
    assertThat(KeyText.of(key)).contains(text);
  }

  @Test
  void tellsPagesApart() {
    Set<Pageable> pages =
        Set.of(
            PageRequest.of(0, 20),
            PageRequest.of(1, 20),
            PageRequest.of(0, 21),
            PageRequest.of(0, 20, Sort.by("a")),
            PageRequest.of(0, 20, Sort.by("a").descending()),
            PageRequest.of(0, 20, Sort.by(Sort.Order.by("a").ignoreCase())),
            PageRequest.of(0, 20, Sort.by(Sort.Order.by("a").nullsFirst())),
            PageRequest.of(0, 20, Sort.by("a", "b")),
            Pageable.unpaged(),
            Pageable.unpaged(Sort.by("a")));

    assertThat(pages.stream().map(KeyText::of).map(Optional::orElseThrow).distinct())
        .hasSameSizeAs(pages);
    assertThat(KeyText.of(PageRequest.of(3, 20, Sort.by("a"))))
        .isEqualTo(KeyText.of(PageRequest.of(3, 20, Sort.by("a"))));
  }

  @Test
  void isTheSameWhateverTheOrderOfASetOrMap() {
    List<Integer> numbers = IntStream.range(0, 50).boxed().collect(Collectors.toList());
    Set<Integer> first = new LinkedHashSet<>(numbers);
    Map<Integer, Integer> firstMap = new LinkedHashMap<>();
    numbers.forEach(n -> firstMap.put(n, n));
    Collections.reverse(numbers);
    Map<Integer, Integer> secondMap = new LinkedHashMap<>();
    numbers.forEach(n -> secondMap.put(n, n));

    assertThat(KeyText.of(first)).isEqualTo(KeyText.of(new LinkedHashSet<>(numbers)));
    assertThat(KeyText.of(firstMap)).isEqualTo(KeyText.of(secondMap));
  }

  static Stream<Object> unsupported() {
    return Stream.of(
        new Plain(),
        new Object(),
        List.of("a", new Plain()),
        new SimpleKey("a", new Plain()),
        Map.of(new Plain(), 1),
        Optional.of(new Plain()),
        new Box(1, new Plain()),
        new Object[] {new Plain()},
        (Runnable) () -> {},
        new Thread(),
        nested(40));
  }

  @ParameterizedTest
  @MethodSource("unsupported")
  void isAbsentWithoutAStableText(Object key) {
    assertThat(KeyText.of(key)).isEmpty();
  }

  @Test
  void isAbsentForAListThatContainsItself() {
    List<Object> snake = new ArrayList<>();
    snake.add(snake);

    assertThat(KeyText.of(snake)).isEmpty();
  }

  /** Equal addresses may be written in different ways. */
  @Test
  void isAbsentForAnAddress() {
    URI one = URI.create("HTTP://Example.ORG/a%2fb");
    URI other = URI.create("http://example.org/a%2Fb");
    assertThat(one).isEqualTo(other);

    assertThat(KeyText.of(one)).isEmpty();
  }

  @Test
  void tellsLocalesApartThatShowNoLanguage() {
    Locale script = new Locale.Builder().setScript("Latn").build();
    Locale variant = new Locale.Builder().setVariant("POSIX").build();

    assertThat(Stream.of(script, variant, Locale.ROOT).map(KeyText::of)).doesNotHaveDuplicates();
  }

  @Test
  void tellsDifferentKeysApart() {
    Map<String, Object> seen = new HashMap<>();
    Set<Object> keys = trickyKeys();
    for (Object key : keys) {
      String text = KeyText.of(key).orElseThrow();
      Object twin = seen.putIfAbsent(text, key);
      assertThat(twin).as("another key of the text %s", text).isNull();
    }
    assertThat(keys).hasSizeGreaterThan(3_000);
  }

  @Test
  void staysShortAndTellsLongKeysApart() {
    Random random = new Random(7);
    Set<String> keys = new HashSet<>();
    Set<String> texts = new HashSet<>();
    for (int i = 0; i < 2_000; i++) {
      String key = "x".repeat(150 + random.nextInt(200)) + random.nextInt(1_000);
      keys.add(key);
      texts.add(KeyText.of(key).orElseThrow());
    }
    assertThat(texts).hasSameSizeAs(keys).allMatch(text -> text.length() <= 200);
  }

  @Test
  void tellsLongKeysApartThatDifferInHalvesOfCharacters() {
    String common = "x".repeat(300);

    assertThat(KeyText.of(common + "\ud800")).isNotEqualTo(KeyText.of(common + "\ud801"));
    assertThat(KeyText.of(common + "?")).isNotEqualTo(KeyText.of(common + "\ud801"));
  }

  @Test
  void aShortKeyCannotPassForALongOne() {
    String text = KeyText.of("y".repeat(300)).orElseThrow();

    assertThat(KeyText.of(text).orElseThrow()).isNotEqualTo(text);
  }

  private static Object nested(int depth) {
    Object inner = 1;
    for (int i = 0; i < depth; i++) {
      inner = List.of(inner);
    }
    return inner;
  }

  /** Different keys, by {@code equals}, with strings made to look like the texts of others. */
  private static Set<Object> trickyKeys() {
    List<String> strings = new ArrayList<>(List.of("", " ", "a", "A", "ä", "a ", "null", "true"));
    strings.addAll(List.of("42", "-1", "1.5", "()", "[]", "[1,2]", "(a,b)", "a,b", "a=b", "a\"b"));
    strings.addAll(List.of("\"a\"", "\\", "\\\"", "\\u0000", "\u0000", "\n", "~", "a~b", "Set[1]"));
    strings.addAll(
        List.of("Role(ADMIN)", "Box(width=1,depth=2)", "😀", "\ud800", "\udc00", "\\ud800"));
    strings.addAll(List.of("Optional()", "Map[a=1]", "é", "e\u0301", "%3A", ":", "a:b", "?", "*"));
    List<@Nullable Object> atoms = new ArrayList<>(strings);
    Collections.addAll(atoms, null, true, false, 0, 1, 42, -1, 1.5, 1.5f, 'a', '"', ',');
    Collections.addAll(atoms, new BigDecimal("1.5"), new BigDecimal("1.50"), -0.0, 0.0, Double.NaN);
    Collections.addAll(atoms, Role.ADMIN, Role.USER, LocalDate.EPOCH, Instant.EPOCH, String.class);
    Set<Object> keys = new HashSet<>();
    for (Object a : atoms) {
      if (a != null) {
        keys.add(a);
      }
      keys.add(new SimpleKey(a, 1));
      keys.add(Collections.singletonList(a));
      keys.add(Collections.singleton(a));
      keys.add(Collections.singletonMap(a, a));
      keys.add(Optional.ofNullable(a));
      keys.add(new Box(1, a));
      keys.add(new Crate(1, a));
      keys.add(Collections.singletonList(Collections.singletonList(a)));
      for (Object b : atoms) {
        keys.add(java.util.Arrays.asList(a, b));
        keys.add(new SimpleKey(a, b, a));
      }
    }
    return keys;
  }
}
