package larder.benchmarks.pages;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import larder.benchmarks.Figures;

/**
 * Pages of the monolith under load, without a cache, with peers and with the layer.
 *
 * <p>Each node is a process of its own, and so is the generator; they share the machine with
 * PostgreSQL and Redis. The most that a node serves is found with a number of lines each of which
 * asks again when it has its answer. Times are measured with requests that come when they are due,
 * and count from then. All ways to run the monolith take turns in each round.
 */
public final class PagesBenchmark {

  private static final int BUSY_LINES = 24;
  private static final int OPEN_LINES = 64;
  private static final double CHANGES = 0.01;

  /** Of what the slowest serves, so many requests come to all. */
  private static final double COMMON = 0.6;

  /** Of what each serves, so many requests come to it. */
  private static final double OWN = 0.7;

  private final Fleet fleet;
  private final Generator generator;
  private final Schedule schedule;
  private final List<Setup> setups;
  private final Path folder;
  private final Map<String, Figures> tables = new LinkedHashMap<>();

  private PagesBenchmark(
      Fleet fleet, Generator generator, Schedule schedule, List<Setup> setups, Path folder) {
    this.fleet = fleet;
    this.generator = generator;
    this.schedule = schedule;
    this.setups = setups;
    this.folder = folder;
  }

  /** A page on so many nodes. */
  private record Place(Page page, int nodes) {

    String label() {
      return page.label() + (nodes == 1 ? ", 1 node" : ", %d nodes".formatted(nodes));
    }

    String name() {
      return "pages-%s-%d".formatted(page.label(), nodes);
    }
  }

  /** Measures, and returns the tables by their names. */
  public static Map<String, Figures> run() throws Exception {
    List<Setup> setups =
        Arrays.stream(System.getProperty("larder.benchmarks.pages.setups", all()).split(","))
            .map(Setup::valueOf)
            .toList();
    Path folder = Files.createDirectories(Path.of("target/benchmarks/pages"));
    try (Fleet fleet = Fleet.start(folder, setups);
        Generator generator = Generator.start()) {
      PagesBenchmark benchmark =
          new PagesBenchmark(fleet, generator, Schedule.chosen(), setups, folder);
      benchmark.measure();
      return benchmark.tables;
    }
  }

  private static String all() {
    return String.join(",", Arrays.stream(Setup.values()).map(Setup::name).toList());
  }

  private void measure() throws Exception {
    List<String> handles = fleet.handles();
    for (Page page : Page.values()) {
      Files.write(plan(page, ""), page.drawn(handles, 0));
      Files.write(plan(page, "-changes"), page.drawn(handles, CHANGES));
    }
    warm();
    Figures rates = new Figures("Pages served", "pages per second");
    Figures work = new Figures("Processor time of a page", "microseconds");
    tables.put("pages", rates);
    tables.put("pages-work", work);
    for (int nodes = 1; nodes <= Fleet.NODES; nodes++) {
      for (Page page : Page.values()) {
        Place place = new Place(page, nodes);
        Map<Setup, Samples> most = most(place, "", true);
        add(rates, place.label(), most);
        addWork(work, place, most);
        times(place, most);
      }
    }
    Place profile = new Place(Page.PROFILE, 1);
    add(rates, "profile, not compressed", most(profile, "", false));
    Place changing = new Place(Page.PROFILE, Fleet.NODES);
    add(rates, "profile, 2 nodes, 1 % changes", most(changing, "-changes", true));
    limit(rates, profile);
  }

  private Path plan(Page page, String more) {
    return folder.resolve(page.label() + more + ".txt");
  }

  private Order order(
      Setup setup, Place place, String more, boolean zipped, double rate, double seconds) {
    return new Order(
        fleet.ports(setup, place.nodes()),
        plan(place.page(), more).toString(),
        zipped,
        rate > 0 ? OPEN_LINES : BUSY_LINES,
        rate,
        seconds);
  }

  private void warm() throws Exception {
    for (Setup setup : setups) {
      for (Page page : Page.values()) {
        Place place = new Place(page, Fleet.NODES);
        int pages = 0;
        for (int i = 0; i < 6 && (i < 2 || pages < schedule.warmPages()); i++) {
          Measured one =
              generator.run(order(setup, place, "", true, 0, schedule.warmSeconds() / 2));
          say(setup, "warming, " + place.label(), one);
          pages += one.micros().length;
        }
      }
    }
  }

  /** Returns what each serves if it is asked without end. */
  private Map<Setup, Samples> most(Place place, String more, boolean zipped) throws Exception {
    Map<Setup, Samples> most = new EnumMap<>(Setup.class);
    for (int round = 0; round < schedule.rounds(); round++) {
      for (Setup setup : setups) {
        Cpu before = fleet.cpu(setup, place.nodes());
        Measured one = generator.run(order(setup, place, more, zipped, 0, schedule.seconds()));
        Cpu used = fleet.cpu(setup, place.nodes()).since(before);
        say(setup, place.label() + more + (zipped ? "" : ", not compressed"), one);
        most.computeIfAbsent(setup, any -> new Samples()).add(one, used);
      }
    }
    return most;
  }

  private static void add(Figures rates, String column, Map<Setup, Samples> most) {
    most.forEach(
        (setup, samples) ->
            rates.add(
                setup.label(),
                column,
                samples.median(Measured::rate),
                samples.spread(Measured::rate)));
  }

  private static void addWork(Figures work, Place place, Map<Setup, Samples> most) {
    most.forEach(
        (setup, samples) -> {
          String page = place.label();
          work.add(setup.label(), page + ", node", samples.nodeMicros(), 0);
          work.add(setup.label(), page + ", servers", samples.serverMicros(), 0);
        });
  }

  private static double median(Map<Setup, Samples> most, Setup setup) {
    return Objects.requireNonNull(most.get(setup)).median(Measured::rate);
  }

  /** Measures how long pages take, at the same rate for all and at each one's own. */
  private void times(Place place, Map<Setup, Samples> most) throws Exception {
    double least = setups.stream().mapToDouble(setup -> median(most, setup)).min().orElseThrow();
    double common = Math.max(20, Math.floor(COMMON * least));
    Figures times = new Figures("Time of a page, " + place.label(), "milliseconds");
    tables.put(place.name(), times);
    Map<Setup, Samples> atCommon = new EnumMap<>(Setup.class);
    Map<Setup, Samples> atOwn = new EnumMap<>(Setup.class);
    for (int round = 0; round < schedule.rounds(); round++) {
      for (Setup setup : setups) {
        time(setup, place, common, atCommon);
      }
      for (Setup setup : place.nodes() == 1 ? setups : List.<Setup>of()) {
        time(setup, place, OWN * median(most, setup), atOwn);
      }
    }
    add(times, String.format(Locale.ROOT, "%,.0f a second", common), atCommon, 0.5, 0.99, 0.999);
    add(times, "70 % of its most", atOwn, 0.5, 0.99);
  }

  private void time(Setup setup, Place place, double rate, Map<Setup, Samples> into)
      throws Exception {
    Measured one = generator.run(order(setup, place, "", true, rate, schedule.seconds()));
    say(setup, String.format(Locale.ROOT, "%s, %.0f come", place.label(), rate), one);
    into.computeIfAbsent(setup, any -> new Samples()).add(one);
  }

  private static void add(
      Figures times, String load, Map<Setup, Samples> measured, double... shares) {
    for (double share : shares) {
      String column = String.format(Locale.ROOT, "%s, p%s", load, words(share));
      measured.forEach(
          (setup, samples) -> {
            boolean rare = share > 0.99; // too few in a round
            times.add(
                setup.label(),
                column,
                rare ? samples.millis(share) : samples.median(one -> one.millis(share)),
                rare ? 0 : samples.spread(one -> one.millis(share)));
          });
    }
  }

  private static String words(double share) {
    String percent = String.format(Locale.ROOT, "%.1f", share * 100);
    return percent.endsWith(".0") ? percent.substring(0, percent.length() - 2) : percent;
  }

  /** Measures what the generator can do where the answers cost nothing. */
  private void limit(Figures rates, Place place) throws Exception {
    Path log = folder.resolve("static.log");
    try (Node node = Node.launch(StaticAnswer.class, List.of(), log)) {
      Path plan = Files.write(folder.resolve("static.txt"), List.of("/\txxx"));
      Samples samples = new Samples();
      for (int round = 0; round <= schedule.rounds(); round++) {
        Order order =
            new Order(
                List.of(node.port()), plan.toString(), true, BUSY_LINES, 0, schedule.seconds());
        Measured one = generator.run(order);
        if (round > 0) {
          samples.add(one);
        }
      }
      rates.add(
          "the generator's own limit",
          place.label(),
          samples.median(Measured::rate),
          samples.spread(Measured::rate));
    }
  }

  private static void say(Setup setup, String what, Measured one) {
    System.out.printf(
        Locale.ROOT,
        "%-28s %-34s %,8.0f a second, p50 %.2f, p99 %.2f, p99.9 %.2f ms, %d %% kept%n",
        setup.label(),
        what,
        one.rate(),
        one.millis(0.5),
        one.millis(0.99),
        one.millis(0.999),
        one.sampled() == 0 ? 0 : 100 * one.kept() / one.sampled());
  }
}
