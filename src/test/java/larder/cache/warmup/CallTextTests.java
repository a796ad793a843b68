package larder.cache.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallTextTests {

  enum Colour {
    RED
  }

  @SuppressWarnings("unused")
  interface Methods {
    void number(long a);

    void small(int a);

    void text(String a);

    void flag(boolean a);

    void none();

    void colour(Colour a);

    void uuid(UUID a);

    void many(
        String a,
        Long b,
        double c,
        float d,
        char e,
        BigDecimal f,
        BigInteger g,
        UUID h,
        Instant i,
        LocalDate j,
        Duration k,
        ZonedDateTime l,
        Locale m,
        Currency n,
        Colour o,
        short p,
        boolean q);
  }

  private static Method method(String name) {
    return Arrays.stream(Methods.class.getMethods())
        .filter(one -> one.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static @Nullable List<@Nullable Object> read(String text, String method) {
    CallText call = CallText.read(text);
    return call == null ? null : call.argumentsFor(method(method));
  }

  @Test
  void everySingleValueComesBack() {
    List<@Nullable Object> arguments =
        Arrays.asList(
            "a \"quoted\" \u0000 text, ü",
            Long.MIN_VALUE,
            0.1,
            1.5f,
            'x',
            new BigDecimal("1.10"),
            BigInteger.TWO.pow(80),
            UUID.fromString("7a1c3a52-0d1c-4c7d-9d0a-1f4f5f0a2c11"),
            Instant.parse("2026-02-03T04:05:06.000000007Z"),
            LocalDate.of(2026, 2, 3),
            Duration.ofSeconds(90, 5),
            ZonedDateTime.parse("2026-02-03T04:05:06+01:00[Europe/Vienna]"),
            Locale.CANADA_FRENCH,
            Currency.getInstance("EUR"),
            Colour.RED,
            (short) 7,
            true);
    String text = Objects.requireNonNull(CallText.write("bean", "many", arguments));
    assertThat(read(text, "many")).isEqualTo(arguments);
  }

  @Test
  void theTextSaysNamesAndValuesOnly() {
    assertThat(CallText.write("users", "find", List.of(42L))).isEqualTo("[\"users\",\"find\",42]");
    assertThat(CallText.write("b", "m", List.of(Colour.RED))).isEqualTo("[\"b\",\"m\",\"RED\"]");
    assertThat(CallText.write("b", "none", List.of())).isEqualTo("[\"b\",\"none\"]");
    assertThat(read("[\"b\",\"none\"]", "none")).isEmpty();
  }

  @Test
  void nothingIsALegalArgument() {
    String text = Objects.requireNonNull(CallText.write("b", "text", Arrays.asList((Object) null)));
    assertThat(read(text, "text")).containsExactly((Object) null);
    assertThat(read(text, "number")).as("a primitive is never null").isNull();
  }

  @Test
  void whatDoesNotFitTheDeclaredTypeIsDropped() {
    assertThat(read("[\"b\",\"m\",42]", "number")).containsExactly(42L);
    assertThat(read("[\"b\",\"m\",42]", "small")).containsExactly(42);
    assertThat(read("[\"b\",\"m\",42]", "text")).isNull();
    assertThat(read("[\"b\",\"m\",\"42\"]", "number")).isNull();
    assertThat(read("[\"b\",\"m\",5000000000]", "small")).isNull();
    assertThat(read("[\"b\",\"m\",1.5]", "number")).isNull();
    assertThat(read("[\"b\",\"m\",1]", "flag")).isNull();
    assertThat(read("[\"b\",\"m\",0]", "colour")).isNull();
    assertThat(read("[\"b\",\"m\",\"GREEN\"]", "colour")).isNull();
    assertThat(read("[\"b\",\"m\",\"no\"]", "uuid")).isNull();
    assertThat(read("[\"b\",\"m\",{\"@class\":\"x\"}]", "text")).isNull();
    assertThat(read("[\"b\",\"m\",[\"x\"]]", "text")).isNull();
    assertThat(read("[\"b\",\"m\"]", "number")).isNull();
    assertThat(read("[\"b\",\"m\",1,2]", "number")).isNull();
    assertThat(read("[\"b\",\"m\",   42]", "number")).as("not as it is written").isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "[",
        "[]",
        "[\"b\"]",
        "{}",
        "null",
        "[1,2]",
        "[\"b\",2]",
        "\uFFFD\u0000",
        "[\"b\",\"m\"] x"
      })
  void whatIsNoCallIsNone(String text) {
    assertThat(CallText.read(text)).isNull();
  }

  @Test
  void longAndDeepTextsAreNone() {
    assertThat(CallText.write("b", "m", List.of("x".repeat(1_000)))).isNull();
    assertThat(CallText.read("[\"b\",\"m\",\"" + "x".repeat(1_000) + "\"]")).isNull();
    assertThat(read("[\"b\",\"m\"," + "[".repeat(400) + "]".repeat(400) + "]", "text")).isNull();
  }
}
