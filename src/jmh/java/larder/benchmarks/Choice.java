package larder.benchmarks;

import java.util.List;

/** What of a benchmark runs, for a quick look. */
public final class Choice {

  private static final int QUICKER = 5;

  private Choice() {}

  /**
   * Whether a quick look is wanted, the figures of which say little: {@code
   * larder.benchmarks.quick}.
   */
  public static boolean isQuick() {
    return Boolean.getBoolean("larder.benchmarks.quick");
  }

  /** Returns how many rounds count: {@code larder.benchmarks.rounds}. */
  public static int rounds(int usual) {
    int rounds = isQuick() ? Math.max(2, usual / QUICKER) : usual;
    return Integer.getInteger("larder.benchmarks.rounds", rounds);
  }

  /** Returns the peers that take part: {@code larder.benchmarks.peers}, with commas between. */
  public static List<String> peers(List<String> all) {
    String chosen = System.getProperty("larder.benchmarks.peers", "");
    return chosen.isEmpty() ? all : List.of(chosen.split(","));
  }
}
