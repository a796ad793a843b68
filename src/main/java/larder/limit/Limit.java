package larder.limit;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * What a limit says. A bean of this type declares one for {@link RateLimiter}.
 *
 * @param name its name: letters, digits, dots, hyphens and underscores, at most 100
 * @param algorithm how it counts
 * @param limit calls allowed in a window; at least 1, at most 10,000 for a sliding window
 * @param window length of the window; from 1 ms to 366 days
 * @param burst calls that a rested token bucket allows at once, from 1 to the limit; the limit for
 *     the other algorithms
 * @param whenAway what decides while Redis does not answer
 * @param enabled whether it holds at all
 */
public record Limit(
    String name,
    Algorithm algorithm,
    int limit,
    Duration window,
    int burst,
    WhenAway whenAway,
    boolean enabled) {

  static final int MOST_IN_SLIDING_WINDOW = 10_000;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");
  private static final Duration LONGEST = Duration.ofDays(366);

  /**
   * @throws InvalidLimitException if a value is out of its range
   */
  public Limit {
    check(
        NAME.matcher(name).matches(),
        name,
        "name",
        "1 to 100 letters, digits, '.', '-' or '_'",
        name);
    check(limit >= 1, name, "limit", "at least 1", limit);
    check(
        algorithm != Algorithm.SLIDING_WINDOW || limit <= MOST_IN_SLIDING_WINDOW,
        name,
        "limit",
        "at most 10000 for a sliding window, which keeps the time of each call",
        limit);
    boolean fits = window.toMillis() >= 1 && window.compareTo(LONGEST) <= 0;
    check(fits, name, "window", "from 1ms to 366d", window);
    check(
        algorithm != Algorithm.TOKEN_BUCKET || limit <= micros(window),
        name,
        "limit",
        "at most one in a microsecond",
        limit);
    check(burst >= 1 && burst <= limit, name, "burst", "from 1 to the limit", burst);
    check(
        algorithm == Algorithm.TOKEN_BUCKET || burst == limit,
        name,
        "burst",
        "left out but for a token bucket",
        burst);
  }

  private static void check(boolean ok, String name, String part, String rule, Object value) {
    if (!ok) {
      throw new InvalidLimitException(
          "%s of limit '%s' must be %s, was: %s".formatted(part, name, rule, value),
          "Change it in @RateLimited, in the bean of type Limit, or in larder.limits." + name);
    }
  }

  /** Returns a limit of a sliding window that each node holds by itself while Redis is away. */
  public static Limit slidingWindow(String name, int limit, Duration window) {
    return new Limit(
        name, Algorithm.SLIDING_WINDOW, limit, window, limit, WhenAway.LOCAL, /* enabled= */ true);
  }

  /** Returns the length of the window in microseconds. */
  long windowMicros() {
    return micros(window);
  }

  /** Returns the time in which a token comes back, in microseconds, rounded up. */
  long intervalMicros() {
    return (windowMicros() + limit - 1) / limit;
  }

  private static long micros(Duration time) {
    return time.toNanos() / 1_000;
  }
}
