package larder.nodes;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What was measured, in Markdown: a line for each figure, a column for each contestant. */
final class ComparisonTable {

  private ComparisonTable() {}

  static String of(List<Contestant> contestants) {
    List<String> lines = new ArrayList<>();
    lines.add(line("", contestants.stream().map(Contestant::name).toList()));
    lines.add(line("---", contestants.stream().map(any -> "---").toList()));
    for (String figure : figures(contestants)) {
      lines.add(
          line(
              figure,
              contestants.stream().map(each -> each.figures().getOrDefault(figure, "")).toList()));
    }
    return String.join("\n", lines);
  }

  private static Set<String> figures(List<Contestant> contestants) {
    Set<String> figures = new LinkedHashSet<>();
    contestants.forEach(each -> figures.addAll(each.figures().keySet()));
    return figures;
  }

  private static String line(String first, List<String> more) {
    return more.stream().collect(Collectors.joining(" | ", "| " + first + " | ", " |"));
  }
}
