package larder.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What one benchmark has measured of each peer, as a table and as a plot. */
public final class Figures {

  private static final int WIDTH = 760;
  private static final int LABELS = 220;
  private static final int BAR = 16;

  private final String title;
  private final String unit;
  private final Map<String, Map<String, Figure>> rows = new LinkedHashMap<>();
  private final Set<String> columns = new LinkedHashSet<>();
  private final List<Figures> more = new ArrayList<>();
  private boolean counts;

  /** A figure, and by how much it may be off in either direction; 0 if that is not known. */
  private record Figure(double value, double error) {}

  /** An empty table. */
  public Figures(String title, String unit) {
    this.title = title;
    this.unit = unit;
  }

  /** Adds a figure of a peer; an error that is not a number is not known. */
  public void add(String peer, String column, double value, double error) {
    columns.add(column);
    rows.computeIfAbsent(peer, any -> new LinkedHashMap<>())
        .put(column, new Figure(value, Double.isNaN(error) ? 0 : error));
  }

  /** Says that the figures are counts, which are not to be compared as times are. */
  public Figures ofCounts() {
    counts = true;
    return this;
  }

  /** Has another table follow this one, and returns this. */
  public Figures and(Figures next) {
    more.add(next);
    return this;
  }

  /** Returns the tables: each figure, and how many times that of the layer it is. */
  String markdown() {
    StringBuilder text = new StringBuilder("| " + title + ", " + unit);
    columns.forEach(column -> text.append(" | ").append(column));
    text.append(" |\n|---").append("|---:".repeat(columns.size())).append("|\n");
    rows.forEach(
        (peer, row) -> {
          text.append("| ").append(peer);
          columns.forEach(column -> text.append(" | ").append(cell(row.get(column), own(column))));
          text.append(" |\n");
        });
    more.forEach(next -> text.append('\n').append(next.markdown()));
    return text.toString();
  }

  private double own(String column) {
    return counts
        ? Double.NaN
        : rows.entrySet().stream()
            .filter(row -> row.getKey().startsWith("Larder"))
            .map(row -> row.getValue().get(column))
            .mapToDouble(figure -> figure == null ? Double.NaN : figure.value())
            .findFirst()
            .orElse(Double.NaN);
  }

  private static String cell(@org.jspecify.annotations.Nullable Figure figure, double own) {
    if (figure == null) {
      return "";
    }
    String off = figure.error() == 0 ? "" : " &plusmn; %s".formatted(number(figure.error()));
    String ratio =
        figure.value() == own || Double.isNaN(own) || figure.value() < 0.001
            ? ""
            : String.format(Locale.ROOT, " (Larder %.2f)", own / figure.value());
    return number(figure.value()) + off + ratio;
  }

  private static String format(double value) {
    return value < 10 && value != Math.rint(value) ? "%,.3f" : "%,.0f";
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, format(value), value);
  }

  /** Returns bars, those of the layer in its colour, in a picture that fits dark and light. */
  String svg() {
    List<String> parts = new ArrayList<>();
    int y = plot(parts, 20);
    for (Figures next : more) {
      y = next.plot(parts, y);
    }
    return
"""
<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' role='img' aria-label='%s'>
<style>
rect.bg{fill:#fff} text{font:13px system-ui,sans-serif;fill:#333} .h{font-weight:600}
.own{fill:#0b7285} .other{fill:#adb5bd}
@media(prefers-color-scheme:dark){rect.bg{fill:#1b1e21} text{fill:#dee2e6} .other{fill:#5c636a} .own{fill:#3bc9db}}
</style>
<rect class='bg' width='%d' height='%d'/>
%s
</svg>
"""
        .formatted(WIDTH, y, title, WIDTH, y, String.join("\n", parts));
  }

  /** Draws one table from a line on, and returns the line below it. */
  private int plot(List<String> parts, int top) {
    parts.add("<text x='8' y='%d' class='h'>%s, %s</text>".formatted(top, title, unit));
    int y = top + 20;
    for (String column : columns) {
      double most =
          rows.values().stream()
              .mapToDouble(row -> row.containsKey(column) ? row.get(column).value() : 0)
              .max()
              .orElse(1);
      parts.add("<text x='8' y='%d' class='h'>%s</text>".formatted(y, column));
      y += 10;
      for (Map.Entry<String, Map<String, Figure>> row : rows.entrySet()) {
        Figure figure = row.getValue().get(column);
        if (figure != null) {
          parts.add(bar(row.getKey(), figure.value(), most, y));
          y += BAR + 6;
        }
      }
      y += 24;
    }
    return y;
  }

  private static String bar(String peer, double value, double most, int y) {
    double width = Math.max(1, (WIDTH - LABELS - 110) * value / most);
    return String.format(
        Locale.ROOT,
        "<text x='%d' y='%d' text-anchor='end'>%s</text><rect class='%s' x='%d' y='%d' width='%.1f'"
            + " height='%d' rx='2'/><text x='%.1f' y='%d'>%s</text>",
        LABELS - 8,
        y + 13,
        peer,
        peer.startsWith("Larder") ? "own" : "other",
        LABELS,
        y,
        width,
        BAR,
        LABELS + width + 6,
        y + 13,
        number(value));
  }
}
