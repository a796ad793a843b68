package larder.nodes;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** What measured times tell. */
record Latency(Duration p50, Duration p99) {

  static Latency of(List<Long> nanos) {
    List<Long> sorted = nanos.stream().sorted().toList();
    return new Latency(at(sorted, 0.50), at(sorted, 0.99));
  }

  private static Duration at(List<Long> sorted, double share) {
    return Duration.ofNanos(sorted.get((int) Math.floor(share * (sorted.size() - 1))));
  }

  @Override
  public String toString() {
    return "p50 %s, p99 %s".formatted(text(p50), text(p99));
  }

  /** Returns a time in the unit that suits it. */
  static String text(Duration time) {
    double millis = time.toNanos() / 1e6;
    return millis < 10
        ? String.format(Locale.ROOT, "%.2f ms", millis)
        : String.format(Locale.ROOT, "%.0f ms", millis);
  }
}
