package larder.benchmarks.pages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import larder.benchmarks.Figures;
import larder.benchmarks.Samples;
import larder.benchmarks.pages.Asked.Kind;

/**
 * Pages of the monolith under load, without a cache, with peers and with the layer.
 *
 * <p>Each node is a process of its own, and so is the generator; they share the machine with
 * PostgreSQL and Redis. One row's nodes run at a time: each would compile and read the log while
 * another is measured. So the first row is measured again at the end, and where it differs the
 * machine did. The most that a node serves is found with a number of lines each of which asks again
 * when it has its answer. Times are measured with requests that come when they are due, and count
 * from then.
 */
public final class PagesBenchmark {

  private static final int STATIC_LINES = 8;
  private static final double CHANGES = 0.01;

  private final Generator generator;
  private final Schedule schedule;
  private final Path folder;
  private final Map<Row, Map<Asked, PageSamples>> measured = new LinkedHashMap<>();
  private final Map<Asked, Double> commonRates = new LinkedHashMap<>();

  private PagesBenchmark(Generator generator, Schedule schedule, Path folder) {
    this.generator = generator;
    this.schedule = schedule;
    this.folder = folder;
  }

  /**
   * Measures; a row that fails does not keep the others from being measured.
   *
   * @param writer takes the tables, and their names
   * @throws IllegalStateException if a row has failed, after the tables of the others were written
   */
  public static void run(Writer writer) throws Exception {
    Path folder = Files.createDirectories(Path.of("target/benchmarks/pages"));
    List<String> failed = new ArrayList<>();
    try (Generator generator = Generator.start()) {
      PagesBenchmark benchmark = new PagesBenchmark(generator, Schedule.chosen(), folder);
      for (Row row : rows()) {
        try {
          benchmark.measure(row);
        } catch (Exception e) {
          e.printStackTrace();
          failed.add(row.label());
        }
      }
      benchmark.write(writer);
    }
    if (!failed.isEmpty()) {
      throw new IllegalStateException("Rows that were not measured: " + failed);
    }
  }

  /** Takes a table. */
  public interface Writer {
    /** Writes it under its name. */
    void write(String name, Figures table) throws IOException;
  }

  private void write(Writer writer) throws Exception {
    PageTables tables = new PageTables(measured, commonRates);
    Map<String, Figures> all = tables.all();
    tables.addLimit(new Asked(Page.PROFILE, 1, Kind.MOST), limit());
    for (Map.Entry<String, Figures> table : all.entrySet()) {
      writer.write(table.getKey(), table.getValue());
    }
  }

  private static List<Row> rows() {
    String all = String.join(",", Arrays.stream(Setup.values()).map(Setup::name).toList());
    List<Row> rows = new ArrayList<>();
    for (String name : System.getProperty("larder.benchmarks.pages.setups", all).split(",")) {
      rows.add(new Row(Setup.valueOf(name), false));
    }
    if (rows.size() > 1) {
      rows.add(new Row(rows.get(0).setup(), true));
    }
    return rows;
  }

  private void measure(Row row) throws Exception {
    System.out.println("Starting " + row.label());
    try (Fleet fleet = Fleet.start(folder, row)) {
      if (measured.isEmpty()) {
        writePlans(fleet.handles());
      }
      RowRun run = new RowRun(row, fleet, generator, schedule, folder, commonRates);
      measured.put(row, run.measure());
    }
  }

  private void writePlans(List<String> handles) throws Exception {
    for (Page page : Page.values()) {
      for (Kind kind : List.of(Kind.MOST, Kind.CHANGES)) {
        double changes = kind == Kind.CHANGES ? CHANGES : 0;
        Files.write(folder.resolve(new Asked(page, 1, kind).plan()), page.drawn(handles, changes));
      }
    }
  }

  private Samples limit() throws Exception {
    Samples rates = new Samples();
    Path plan = Files.write(folder.resolve("static.txt"), List.of("/\txxx"));
    try (Node node = Node.launch(StaticAnswer.class, List.of(), folder.resolve("static.log"))) {
      List<Integer> ports = List.of(node.port());
      Order order = new Order(ports, plan.toString(), true, STATIC_LINES, 0, schedule.seconds());
      generator.run(order);
      for (int round = 0; round < schedule.rounds(); round++) {
        rates.add(generator.run(order).rate());
      }
    }
    return rates;
  }
}
