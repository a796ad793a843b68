package larder.benchmarks.nodes;

import java.util.List;

/** What of a benchmark runs, for a quick look. */
final class Choice {

  private Choice() {}

  /** Returns how many rounds count: {@code larder.benchmarks.rounds}. */
  static int rounds(int usual) {
    return Integer.getInteger("larder.benchmarks.rounds", usual);
  }

  /** Returns the peers that take part: {@code larder.benchmarks.peers}, with commas between. */
  static List<String> peers(List<String> all) {
    String chosen = System.getProperty("larder.benchmarks.peers", "");
    return chosen.isEmpty() ? all : List.of(chosen.split(","));
  }
}
