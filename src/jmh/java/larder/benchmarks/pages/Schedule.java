package larder.benchmarks.pages;

/**
 * How long what is done.
 *
 * @param rounds how often each measurement is repeated, all ways to run the monolith in turn
 * @param seconds how long a measurement takes
 * @param warmPages how often both nodes together are asked for each page first
 * @param warmSeconds how long they are asked at least, and three times that at most
 */
record Schedule(int rounds, double seconds, int warmPages, double warmSeconds) {

  /** The system property for a quick look, the figures of which say little. */
  private static final String QUICK = "larder.benchmarks.quick";

  static Schedule chosen() {
    return Boolean.getBoolean(QUICK)
        ? new Schedule(1, 1.5, 2_000, 4)
        : new Schedule(3, 2.5, 10_000, 8);
  }
}
