package larder.cache.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cache.interceptor.SimpleKey;

class KeyPairTests {

  private static @Nullable KeyPair pair(Object... parts) {
    return KeyPair.of(KeyText.of(new SimpleKey(parts)).orElseThrow());
  }

  @Test
  void twoArgumentsAreTwoParts() {
    assertThat(pair(42L, "theme")).isEqualTo(new KeyPair("42", "theme"));
    assertThat(pair("ada", 7)).isEqualTo(new KeyPair("ada", "7"));
    assertThat(KeyPair.of("(null,true)")).isEqualTo(new KeyPair("null", "true"));
  }

  /** A part may hold all that parts are told apart by. */
  @Test
  void aPartStaysWhole() {
    for (Object odd :
        List.of(
            "a,b",
            ")",
            "(",
            "\"",
            "\\",
            "\\\"",
            "\",(",
            "",
            "]",
            List.of(1, List.of("x,y", 2)),
            Map.of("a,", ")"),
            LocalTime.NOON,
            new SimpleKey(1, 2))) {
      String text = KeyText.of(odd).orElseThrow();
      assertThat(pair(odd, "f")).isEqualTo(new KeyPair(text, "f"));
      assertThat(pair("h", odd)).isEqualTo(new KeyPair("h", text));
      assertThat(pair(odd, odd)).isEqualTo(new KeyPair(text, text));
    }
  }

  @Test
  void otherNumbersOfPartsAreNone() {
    assertThat(pair()).isNull();
    assertThat(pair(1)).isNull();
    assertThat(pair(1, 2, 3)).isNull();
    assertThat(KeyPair.of(KeyText.of(List.of(1, 2)).orElseThrow())).isNull();
    assertThat(pair("a", "b".repeat(300))).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "(", ")", ",", "(,", "(,)", "(a,)", "(,b)", "()", "(a,b", "a,b)", "(a,b]", "[a,b)",
        "(a,b))", "((a,b)", "(a,\"b)", "(\"a,b)", "(a,b\\", "(a],b)", "(a,b)c", "(\"\\"
      })
  void whatIsNoTextOfAKeyHasNoParts(String text) {
    assertThat(KeyPair.of(text)).isNull();
  }
}
