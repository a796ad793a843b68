package larder.cache.adviser;

import java.time.Duration;
import java.util.Locale;

/** Measured values as text. */
final class Amount {

  private static final double KILO = 1024;

  private Amount() {}

  /** Returns a size in the largest unit that keeps it above 1. */
  static String bytes(double bytes) {
    double amount = bytes;
    for (String unit : new String[] {"B", "kB", "MB", "GB"}) {
      if (amount < KILO) {
        return unit.equals("B") ? "%.0f B".formatted(amount) : decimal("%.1f ", amount) + unit;
      }
      amount /= KILO;
    }
    return decimal("%.1f TB", amount);
  }

  static String percent(long part, long whole) {
    return decimal("%.0f %%", 100.0 * part / whole);
  }

  static String micros(double nanos) {
    return decimal("%.0f µs", nanos / 1_000);
  }

  /** Returns a duration as a setting would have it. */
  static String setting(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 1_000 != 0) {
      return millis + "ms";
    } else if (millis % 60_000 != 0) {
      return millis / 1_000 + "s";
    } else if (millis % 3_600_000 != 0) {
      return millis / 60_000 + "m";
    }
    return millis % 86_400_000 == 0 ? millis / 86_400_000 + "d" : millis / 3_600_000 + "h";
  }

  private static String decimal(String format, double amount) {
    return String.format(Locale.ROOT, format, amount);
  }
}
