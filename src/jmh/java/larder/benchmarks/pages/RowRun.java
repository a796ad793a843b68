package larder.benchmarks.pages;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import larder.benchmarks.pages.Asked.Kind;

/** The measuring of one row, whose nodes are all that runs beside the servers. */
final class RowRun {

  private static final int BUSY_LINES = 8;
  private static final int OPEN_LINES = 64;

  /** Of what the first row serves, so many requests come to all. */
  private static final double COMMON = 0.6;

  /** Of what each serves, so many requests come to it. */
  private static final double OWN = 0.7;

  private static final double LEAST_RATE = 20;
  private static final int WARM_TURNS = 3;

  private final Row row;
  private final Fleet fleet;
  private final Generator generator;
  private final Schedule schedule;
  private final Path folder;
  private final Map<Asked, Double> commonRates;
  private final Map<Asked, PageSamples> samples = new LinkedHashMap<>();

  /**
   * @param folder where the files are with what is asked for
   * @param commonRates the rates that are the same for all rows, completed by the first row
   */
  RowRun(
      Row row,
      Fleet fleet,
      Generator generator,
      Schedule schedule,
      Path folder,
      Map<Asked, Double> commonRates) {
    this.row = row;
    this.fleet = fleet;
    this.generator = generator;
    this.schedule = schedule;
    this.folder = folder;
    this.commonRates = commonRates;
  }

  /** Measures, and returns what each measurement gave. */
  Map<Asked, PageSamples> measure() throws Exception {
    for (int i = 0; i < WARM_TURNS; i++) {
      for (Page page : Page.values()) {
        double seconds = schedule.warmSeconds() / WARM_TURNS / Page.values().length;
        say("warming, " + page.label(), run(new Asked(page, Fleet.NODES, Kind.MOST), 0, seconds));
      }
    }
    for (int round = 0; round < schedule.rounds(); round++) {
      for (Page page : Page.values()) {
        run(new Asked(page, Fleet.NODES, Kind.MOST), 0, schedule.leadSeconds());
        for (Asked asked : row.again() ? Asked.again(page) : Asked.all(page, Fleet.NODES)) {
          measure(asked);
        }
      }
    }
    return samples;
  }

  private void measure(Asked asked) throws Exception {
    double rate = asked.isTimed() ? rate(asked) : 0;
    Cpu before = fleet.cpu();
    Measured one = run(asked, rate, schedule.seconds());
    Cpu used = fleet.cpu().since(before);
    samples.computeIfAbsent(asked, any -> new PageSamples()).add(one, used);
    say(asked.toString(), one);
  }

  private double rate(Asked asked) {
    Asked most = asked.as(Kind.MOST);
    double served = Objects.requireNonNull(samples.get(most)).rates().median();
    return asked.kind() == Kind.OWN
        ? OWN * served
        : commonRates.computeIfAbsent(
            asked, any -> Math.max(LEAST_RATE, Math.floor(COMMON * served)));
  }

  private Measured run(Asked asked, double rate, double seconds) throws IOException {
    List<Integer> ports = fleet.ports(asked.nodes());
    int lines = asked.isTimed() ? OPEN_LINES : BUSY_LINES;
    String plan = folder.resolve(asked.plan()).toString();
    return generator.run(new Order(ports, plan, asked.isZipped(), lines, rate, seconds));
  }

  private void say(String what, Measured one) {
    System.out.printf(
        Locale.ROOT,
        "%-28s %-34s %,8.0f a second, p50 %.2f, p99 %.2f, p99.9 %.2f ms, %d %% kept%n",
        row.label(),
        what,
        one.rate(),
        one.millis(0.5),
        one.millis(0.99),
        one.millis(0.999),
        one.sampled() == 0 ? 0 : 100 * one.kept() / one.sampled());
  }
}
