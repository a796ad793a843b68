package larder.monolith.trending;

import java.time.Duration;
import java.util.Locale;
import larder.ranking.Window;

/** Over what time views count. */
public enum Period {

  /** A view weighs less every five minutes, and nothing after an hour. */
  HOUR(new Window("hour", Duration.ofMinutes(5), 12)),

  /** A view weighs less every hour, and nothing after a day. */
  DAY(new Window("day", Duration.ofHours(1), 24));

  private final Window window;

  Period(Window window) {
    this.window = window;
  }

  Window window() {
    return window;
  }

  /** Returns the word in addresses. */
  public String word() {
    return window.name();
  }

  /** Returns the period that a word means; an hour if it means none. */
  public static Period of(String word) {
    return word.toLowerCase(Locale.ROOT).equals(DAY.word()) ? DAY : HOUR;
  }
}
