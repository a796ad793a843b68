package larder.ranking;

import java.time.Duration;

/**
 * How points fade: a point weighs as much as there are steps while the first step lasts, one less
 * with each further step, and nothing after the last.
 *
 * @param name tells the windows of a board apart; letters, digits and dashes
 * @param step how long a weight lasts; at least a second
 * @param steps 1 to 100
 */
public record Window(String name, Duration step, int steps) {

  public Window {
    check(name.matches("[a-zA-Z0-9-]+"), name, "a name of letters, digits and dashes", name);
    check(step.toSeconds() > 0, name, "a step of at least 1s", step);
    check(steps >= 1 && steps <= 100, name, "1 to 100 steps", steps);
  }

  private static void check(boolean ok, String name, String rule, Object value) {
    if (!ok) {
      throw new IllegalArgumentException(
          "Window '%s' must have %s, was: %s".formatted(name, rule, value));
    }
  }
}
