package larder.benchmarks.pages;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import larder.benchmarks.Figures;
import larder.benchmarks.Samples;
import larder.benchmarks.pages.Asked.Kind;

/** The tables of what was measured of pages. */
final class PageTables {

  private final Map<Row, Map<Asked, PageSamples>> measured;
  private final Map<Asked, Double> commonRates;
  private final Figures rates = new Figures("Pages served", "pages per second");

  PageTables(Map<Row, Map<Asked, PageSamples>> measured, Map<Asked, Double> commonRates) {
    this.measured = measured;
    this.commonRates = commonRates;
  }

  /** Returns them by the names of their files. */
  Map<String, Figures> all() {
    Map<String, Figures> tables = new LinkedHashMap<>();
    Figures work = new Figures("Processor time of a page", "microseconds");
    tables.put("pages", rates);
    tables.put("pages-work", work);
    each(asked -> !asked.isTimed(), (row, asked) -> addRate(row, asked));
    each(asked -> asked.kind() == Kind.MOST, (row, asked) -> addWork(work, row, asked));
    each(
        Asked::isTimed,
        (row, asked) ->
            addTimes(
                tables.computeIfAbsent(
                    "pages-%s-%d".formatted(asked.page().label(), asked.nodes()),
                    any -> new Figures("Time of a page, " + asked.place(), "milliseconds")),
                row,
                asked));
    return tables;
  }

  /** Adds what the generator can do where the answers cost nothing. */
  void addLimit(Asked asked, Samples limit) {
    rates.add("the generator's own limit", asked.place(), limit.median(), limit.spread());
  }

  private void each(Predicate<Asked> which, BiConsumer<Row, Asked> adding) {
    measured.forEach(
        (row, all) -> all.keySet().stream().filter(which).forEach(one -> adding.accept(row, one)));
  }

  private PageSamples of(Row row, Asked asked) {
    return measured.get(row).get(asked);
  }

  private void addRate(Row row, Asked asked) {
    Samples figures = of(row, asked).rates();
    String column =
        switch (asked.kind()) {
          case NOT_ZIPPED -> asked.place() + ", not compressed";
          case CHANGES -> asked.place() + ", 1 % changes";
          default -> asked.place();
        };
    rates.add(row.label(), column, figures.median(), figures.spread());
  }

  private void addWork(Figures work, Row row, Asked asked) {
    PageSamples figures = of(row, asked);
    work.add(row.label(), asked.place() + ", nodes", figures.nodeMicros(), 0);
    work.add(row.label(), asked.place() + ", servers", figures.serverMicros(), 0);
  }

  private void addTimes(Figures times, Row row, Asked asked) {
    PageSamples figures = of(row, asked);
    boolean own = asked.kind() == Kind.OWN;
    String load =
        own
            ? "70 % of its most"
            : String.format(Locale.ROOT, "%,.0f a second", commonRates.get(asked));
    add(times, row, load + ", p50", figures.p50());
    add(times, row, load + ", p99", figures.p99());
    if (!own) {
      times.add(row.label(), load + ", p99.9", figures.millis(0.999), 0); // too few in a round
    }
  }

  private static void add(Figures times, Row row, String column, Samples figures) {
    times.add(row.label(), column, figures.median(), figures.spread());
  }
}
