package larder.monolith.trending;

import java.time.Duration;
import java.util.Locale;
import larder.ranking.Window;

/** Over what time views count. */
public enum Period {

  /** A view weighs less every five minutes, and nothing after an hour. */
  HOUR("hour", Duration.ofMinutes(5), 12),

  /** A view weighs less every hour, and nothing after a day. */
  DAY("day", Duration.ofHours(1), 24);

  private final String word;
  private final Duration step;
  private final int steps;

  Period(String word, Duration step, int steps) {
    this.word = word;
    this.step = step;
    this.steps = steps;
  }

  /** Returns the window of the leaderboard. */
  public Window window() {
    return new Window(word, step, steps);
  }

  /** Returns the word in addresses. */
  public String word() {
    return word;
  }

  /** Returns the period that a word means; an hour if it means none. */
  public static Period of(String word) {
    return word.toLowerCase(Locale.ROOT).equals(DAY.word) ? DAY : HOUR;
  }
}
