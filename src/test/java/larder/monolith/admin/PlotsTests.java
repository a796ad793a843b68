package larder.monolith.admin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlotsTests {

  @Test
  void aLineEndsAtTheRightEdgeAndIsBrokenWhereNothingIsKnown() {
    double none = Double.NaN;
    assertThat(Plots.line(new double[] {0, 1}, 5, 1)).isEqualTo("M75.0 28.0h0L100.0 2.0");
    assertThat(Plots.line(new double[] {1, none, 1}, 3, 1)).isEqualTo("M0.0 2.0h0M100.0 2.0h0");
    assertThat(Plots.line(new double[] {none}, 3, 1)).isEqualTo("M0 0");
  }

  @Test
  void withoutALimitTheGreatestValueIsAtTheTop() {
    assertThat(Plots.line(new double[] {4, 2}, 2, 0)).isEqualTo("M0.0 2.0h0L100.0 15.0");
    assertThat(Plots.line(new double[] {0, 0}, 2, 0)).isEqualTo("M0.0 28.0h0L100.0 28.0");
  }

  @Test
  void barsStandSideBySide() {
    assertThat(Plots.bar(0.25, 1)).isEqualTo("M25.00 0H100.00V30H25.00Z");
    assertThat(Plots.bar(Double.NaN, 0)).isEqualTo("M0.00 0H0.00V30H0.00Z");
  }
}
