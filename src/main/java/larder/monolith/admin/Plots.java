package larder.monolith.admin;

import java.util.Arrays;
import java.util.Locale;

/** Paths of SVG for small plots, 100 wide and 30 high. */
final class Plots {

  private static final double WIDTH = 100;
  private static final double HEIGHT = 30;
  private static final double MARGIN = 2;

  private Plots() {}

  /**
   * Returns a line through values that end at the right edge; it is broken where there is none.
   *
   * @param values not a number where there is no value
   * @param room how many values the width has room for
   * @param most the value at the upper edge; if not positive, the greatest value
   */
  static String line(double[] values, int room, double most) {
    double greatest = Arrays.stream(values).filter(v -> !Double.isNaN(v)).max().orElse(0);
    double top = most > 0 ? most : greatest > 0 ? greatest : 1;
    double step = WIDTH / Math.max(1, room - 1);
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      if (!Double.isNaN(values[i])) {
        boolean begins = i == 0 || Double.isNaN(values[i - 1]);
        double x = WIDTH - (values.length - 1 - i) * step;
        double y = HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * values[i] / top;
        path.append(String.format(Locale.ROOT, "%s%.1f %.1f", begins ? "M" : "L", x, y));
        if (begins) {
          path.append("h0");
        }
      }
    }
    return path.length() == 0 ? "M0 0" : path.toString();
  }

  /** Returns a bar from one share of the width to another. */
  static String bar(double from, double to) {
    double left = Double.isNaN(from) ? 0 : from * WIDTH;
    double right = Double.isNaN(to) ? 0 : to * WIDTH;
    return String.format(Locale.ROOT, "M%.2f 0H%.2fV%.0fH%.2fZ", left, right, HEIGHT, left);
  }
}
