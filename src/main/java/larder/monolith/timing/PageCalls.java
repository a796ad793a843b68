package larder.monolith.timing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import larder.cache.CachedCall;
import larder.cache.CachedCall.Source;

/** The cached calls of one request, counted and timed by where their answers came from. */
public final class PageCalls {

  private static final double NANOS_PER_MILLI = 1e6;

  private final Map<Source, Tally> tallies = new EnumMap<>(Source.class);
  private final Instant madeAt;

  /**
   * @param madeAt when the request was begun to be answered
   */
  public PageCalls(Instant madeAt) {
    this.madeAt = madeAt;
  }

  /** Returns when the request was begun to be answered. */
  public Instant madeAt() {
    return madeAt;
  }

  /** Calls and the time that they took together. */
  private record Tally(int calls, long nanos) {

    static final Tally NONE = new Tally(0, 0);

    Tally plus(CachedCall call) {
      return new Tally(calls + call.parts(), nanos + call.nanos());
    }
  }

  void add(CachedCall call) {
    tallies.put(call.source(), tally(call.source()).plus(call));
  }

  /** Returns how many calls were answered. */
  public int calls() {
    return tallies.values().stream().mapToInt(Tally::calls).sum();
  }

  /**
   * Returns the value of a {@code Server-Timing} header, such as {@code cache-near;desc="2
   * calls";dur=0.1, cache-database;desc="1 call";dur=3.2}; empty when nothing was called.
   */
  public String header() {
    List<String> metrics = new ArrayList<>();
    tallies.forEach(
        (source, tally) ->
            metrics.add(
                String.format(
                    Locale.ROOT,
                    "cache-%s;desc=\"%d %s\";dur=%.3f",
                    metric(source),
                    tally.calls(),
                    tally.calls() == 1 ? "call" : "calls",
                    tally.nanos() / NANOS_PER_MILLI)));
    return String.join(", ", metrics);
  }

  /**
   * Returns the same in words, such as {@code 2 answers from memory, 1 from the database, 3.3 ms}.
   */
  public String summary() {
    if (tallies.isEmpty()) {
      return "no cached calls";
    }
    List<String> parts = new ArrayList<>();
    tallies.forEach(
        (source, tally) -> parts.add(words(tally.calls(), parts.isEmpty()) + place(source)));
    double millis = tallies.values().stream().mapToLong(Tally::nanos).sum() / NANOS_PER_MILLI;
    parts.add(String.format(Locale.ROOT, millis < 0.1 ? "%.3f ms" : "%.1f ms", millis));
    return String.join(", ", parts);
  }

  private static String words(int calls, boolean first) {
    return first ? calls + (calls == 1 ? " answer" : " answers") : Integer.toString(calls);
  }

  private static String metric(Source source) {
    return switch (source) {
      case NEAR -> "near";
      case REMOTE -> "remote";
      case LOADED -> "database";
    };
  }

  private static String place(Source source) {
    return switch (source) {
      case NEAR -> " from memory";
      case REMOTE -> " from Redis";
      case LOADED -> " from the database";
    };
  }

  private Tally tally(Source source) {
    return tallies.getOrDefault(source, Tally.NONE);
  }
}
