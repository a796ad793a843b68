package larder.benchmarks.pages;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the generator is to do.
 *
 * @param ports where the nodes answer, each given the same number of lines
 * @param plan the file with what is asked for, see {@link Plan}
 * @param zipped whether pages are accepted compressed, as browsers do
 * @param lines the most requests at once
 * @param rate requests per second, whether answered or not; 0 for each line's next request when its
 *     last was answered
 * @param seconds for how long
 */
record Order(
    List<Integer> ports, String plan, boolean zipped, int lines, double rate, double seconds) {

  static Order parse(String text) {
    String[] words = text.split(" ");
    return new Order(
        Arrays.stream(words[0].split(",")).map(Integer::valueOf).toList(),
        words[1],
        Boolean.parseBoolean(words[2]),
        Integer.parseInt(words[3]),
        Double.parseDouble(words[4]),
        Double.parseDouble(words[5]));
  }

  String text() {
    String nodes = ports.stream().map(String::valueOf).collect(Collectors.joining(","));
    return "%s %s %s %d %s %s".formatted(nodes, plan, zipped, lines, rate, seconds);
  }
}
