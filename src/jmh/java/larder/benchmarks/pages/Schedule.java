package larder.benchmarks.pages;

import larder.benchmarks.Choice;

/**
 * How long what is done.
 *
 * @param rounds how often each measurement of a row is repeated
 * @param seconds how long a measurement takes
 * @param leadSeconds for how long each round first asks for a page, which is not measured
 * @param warmSeconds for how long the nodes of a row are asked for all pages at first
 */
record Schedule(int rounds, double seconds, double leadSeconds, double warmSeconds) {

  /** The system property with the four of them, commas between. */
  private static final String CHOSEN = "larder.benchmarks.pages.schedule";

  static Schedule chosen() {
    String chosen = System.getProperty(CHOSEN, Choice.isQuick() ? "1,1.5,1,5" : "3,2,2.5,180");
    String[] words = chosen.split(",");
    return new Schedule(
        Integer.parseInt(words[0]),
        Double.parseDouble(words[1]),
        Double.parseDouble(words[2]),
        Double.parseDouble(words[3]));
  }
}
