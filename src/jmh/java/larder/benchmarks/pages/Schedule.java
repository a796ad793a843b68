package larder.benchmarks.pages;

/**
 * How long what is done.
 *
 * @param rounds how often each measurement is repeated, all ways to run the monolith in turn
 * @param seconds how long a measurement takes
 * @param warmSeconds how long both nodes together are asked for each page first
 */
record Schedule(int rounds, double seconds, double warmSeconds) {

  /** The system property for a quick look, the figures of which say little. */
  private static final String QUICK = "larder.benchmarks.quick";

  static Schedule chosen() {
    return Boolean.getBoolean(QUICK) ? new Schedule(1, 1.5, 4) : new Schedule(3, 2.5, 10);
  }
}
