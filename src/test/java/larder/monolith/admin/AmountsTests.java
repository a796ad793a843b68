package larder.monolith.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AmountsTests {

  private final Amounts amounts = new Amounts();

  @Test
  void onlyAllIsAHundredPercent() {
    assertThat(amounts.percent(1)).isEqualTo("100 %");
    assertThat(amounts.percent(0.99999)).isEqualTo("99.9 %");
    assertThat(amounts.percent(0)).isEqualTo("0.0 %");
    assertThat(amounts.percent(Double.NaN)).isEqualTo("–");
  }

  @Test
  void timesHaveThreeDigitsThatMatter() {
    assertThat(amounts.time(420_000.0)).isEqualTo("0.42 ms");
    assertThat(amounts.time(Duration.ofMillis(12))).isEqualTo("12.0 ms");
    assertThat(amounts.time(Duration.ofMillis(1_234))).isEqualTo("1,234 ms");
    assertThat(amounts.time(Duration.ofSeconds(75))).isEqualTo("75.0 s");
    assertThat(amounts.time(Double.NaN)).isEqualTo("–");
  }

  @Test
  void sizesHaveAUnit() {
    assertThat(amounts.size(0)).isEqualTo("0 B");
    assertThat(amounts.size(1_536)).isEqualTo("1.5 KB");
    assertThat(amounts.size(64L << 20)).isEqualTo("64.0 MB");
    assertThat(amounts.size(512L << 20)).isEqualTo("512 MB");
    assertThat(amounts.size(Double.NaN)).isEqualTo("–");
  }

  @Test
  void spansAreInTheTwoLargestUnits() {
    assertThat(amounts.span(Duration.ofMillis(40))).isEqualTo("40 ms");
    assertThat(amounts.span(Duration.ofSeconds(59))).isEqualTo("59 s");
    assertThat(amounts.span(Duration.ofSeconds(90))).isEqualTo("1 min 30 s");
    assertThat(amounts.span(Duration.ofHours(1))).isEqualTo("1 h");
    assertThat(amounts.span(Duration.ofMinutes(61))).isEqualTo("1 h 1 min");
    assertThat(amounts.span(Duration.ofHours(49))).isEqualTo("2 d 1 h");
    assertThat(amounts.span(Duration.ofSeconds(-3))).isEqualTo("over for 3 s");
    assertThat(amounts.span(null)).isEqualTo("–");
  }

  @Test
  void partsOfAPolicyAreWords() {
    assertThat(amounts.value(Duration.ZERO)).isEqualTo("none");
    assertThat(amounts.value(Duration.ofMinutes(5))).isEqualTo("5 min");
    assertThat(amounts.value(true)).isEqualTo("on");
    assertThat(amounts.value(0.1)).isEqualTo("0.1");
  }
}
