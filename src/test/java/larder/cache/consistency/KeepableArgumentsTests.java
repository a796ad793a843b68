package larder.cache.consistency;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KeepableArgumentsTests {

  record Search(String text, int page, @Nullable Object more) {}

  static List<Object> keepable() {
    return List.of(
        "text",
        1,
        2L,
        'c',
        new BigDecimal("1.0"),
        UUID.randomUUID(),
        LocalDate.EPOCH,
        Duration.ZERO,
        DayOfWeek.MONDAY,
        Optional.of("text"),
        Optional.empty(),
        new Search("a", 1, new Search("b", 2, null)));
  }

  static List<Object> changing() {
    return List.of(
        new ArrayList<>(),
        new int[1],
        new Object(),
        Optional.of(new ArrayList<>()),
        new Search("a", 1, new AtomicLong()));
  }

  @ParameterizedTest
  @MethodSource("keepable")
  void keepsWhatNobodyCanChange(Object argument) {
    assertThat(KeepableArguments.areAll(new Object[] {argument, null})).isTrue();
  }

  @ParameterizedTest
  @MethodSource("changing")
  void keepsNothingThatItsOwnerMayChange(Object argument) {
    assertThat(KeepableArguments.areAll(new Object[] {"text", argument})).isFalse();
  }

  @Test
  void looksOnlySoDeep() {
    Search deep = new Search("", 0, null);
    for (int i = 0; i < 20; i++) {
      deep = new Search("", 0, deep);
    }
    assertThat(KeepableArguments.areAll(new Object[] {deep})).isFalse();
  }
}
