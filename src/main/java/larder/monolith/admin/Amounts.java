package larder.monolith.admin;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/** Numbers, times and sizes as pages show them. */
@Component("amounts")
public class Amounts {

  static final String NONE = "–";

  private static final double NANOS_PER_MILLI = 1e6;
  private static final String[] UNITS = {"B", "KB", "MB", "GB", "TB"};
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  /** Returns a count, such as {@code 1,204}. */
  public String count(long number) {
    return String.format(Locale.ENGLISH, "%,d", number);
  }

  /** Returns a share, such as {@code 98.2 %}; rounded so that only all is 100. */
  public String percent(double share) {
    return Double.isNaN(share)
        ? NONE
        : share == 1
            ? "100 %"
            : String.format(Locale.ENGLISH, "%.1f %%", Math.floor(share * 1000) / 10);
  }

  /** Returns a time that was measured, such as {@code 0.42 ms}. */
  public String time(double nanos) {
    double millis = nanos / NANOS_PER_MILLI;
    if (Double.isNaN(nanos)) {
      return NONE;
    } else if (millis >= 10_000) {
      return String.format(Locale.ENGLISH, "%,.1f s", millis / 1000);
    }
    String form = millis < 10 ? "%.2f ms" : millis < 100 ? "%.1f ms" : "%,.0f ms";
    return String.format(Locale.ENGLISH, form, millis);
  }

  /** Returns a time that was measured. */
  public String time(Duration time) {
    return time((double) time.toNanos());
  }

  /** Returns a size, such as {@code 1.2 MB}. */
  public String size(double bytes) {
    if (Double.isNaN(bytes)) {
      return NONE;
    }
    double left = bytes;
    int unit = 0;
    while (left >= 1024 && unit < UNITS.length - 1) {
      left /= 1024;
      unit++;
    }
    String form = unit == 0 || left >= 100 ? "%.0f %s" : "%.1f %s";
    return String.format(Locale.ENGLISH, form, left, UNITS[unit]);
  }

  /** Returns a size. */
  public String size(long bytes) {
    return size((double) bytes);
  }

  /** Returns a time that was set or is left, such as {@code 1 h 30 min}. */
  public String span(@Nullable Duration span) {
    if (span == null) {
      return NONE;
    } else if (span.isNegative()) {
      return "over for " + span(span.negated());
    } else if (span.compareTo(Duration.ofSeconds(1)) < 0) {
      return span.toMillis() + " ms";
    }
    return large(span);
  }

  private static String large(Duration span) {
    long seconds = span.toSeconds();
    if (seconds < 60) {
      return seconds + " s";
    } else if (seconds < 3_600) {
      return two(seconds, 60, "min", "s");
    }
    return seconds < 86_400
        ? two(seconds / 60, 60, "h", "min")
        : two(seconds / 3_600, 24, "d", "h");
  }

  private static String two(long small, long size, String large, String unit) {
    long rest = small % size;
    return small / size + " " + large + (rest == 0 ? "" : " " + rest + " " + unit);
  }

  /** Returns a part of a policy. */
  public String value(Object value) {
    if (value instanceof Duration span) {
      return span.isZero() ? "none" : span(span);
    } else if (value instanceof DataSize size) {
      return size.toBytes() == 0 ? "none" : size(size.toBytes());
    } else if (value instanceof Enum<?> chosen) {
      return chosen.name().toLowerCase(Locale.ROOT);
    }
    return value instanceof Boolean chosen ? (chosen ? "on" : "off") : value.toString();
  }

  /** Returns the second of the day, in UTC. */
  public String second(Instant time) {
    return SECOND.format(time);
  }
}
