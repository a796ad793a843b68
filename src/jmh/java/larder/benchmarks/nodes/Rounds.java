package larder.benchmarks.nodes;

import larder.benchmarks.Choice;

/**
 * How often those who are compared take turns.
 *
 * @param warmUp rounds that do not count, in which code is compiled
 * @param counted rounds that count
 */
record Rounds(int warmUp, int counted) {

  /** Returns as many as usual, or as were chosen, and as many again to warm up. */
  static Rounds of(int usual) {
    int counted = Choice.rounds(usual);
    return new Rounds(counted, counted);
  }

  /**
   * Runs them all.
   *
   * @param forget takes away what was measured while code was compiled
   */
  void run(Runnable round, Runnable forget) {
    for (int i = 0; i < warmUp; i++) {
      round.run();
    }
    forget.run();
    for (int i = 0; i < counted; i++) {
      round.run();
    }
  }
}
