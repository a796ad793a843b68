package larder.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import larder.benchmarks.nodes.ColdLoads;
import larder.benchmarks.nodes.Sightings;
import larder.benchmarks.nodes.Writes;
import larder.benchmarks.pages.PagesBenchmark;
import larder.dev.servers.TestServers;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs the benchmarks by name ({@code near}, {@code million}, {@code allocation}, {@code remote},
 * {@code bytes}, {@code clear}, {@code encoding}, {@code cold}, {@code writes}, {@code latency},
 * {@code pages}, or {@code all}) and writes a table and a plot of each to {@code
 * target/benchmarks}.
 */
public final class Benchmarks {

  private static final List<String> ALL =
      List.of(
          "near",
          "allocation",
          "remote",
          "million",
          "bytes",
          "clear",
          "encoding",
          "cold",
          "writes",
          "latency",
          "pages");

  private static final List<String> NEAR =
      List.of("CaffeineCacheManager", "JetCache", "Larder", "caffeine", "proxy", "method");
  private static final List<String> REMOTE =
      List.of(
          "RedisCacheManager",
          "RedissonSpringCacheManager",
          "Larder without near",
          "bucket",
          "lettuce");

  private final Path folder;

  private Benchmarks(Path folder) {
    this.folder = folder;
  }

  /** Runs those that are named. */
  public static void main(String[] names) throws Exception {
    Benchmarks benchmarks = new Benchmarks(Files.createDirectories(Path.of("target/benchmarks")));
    try {
      Files.writeString(benchmarks.folder.resolve("machine.md"), Machine.described() + "\n");
      for (String name : names[0].equals("all") ? ALL : List.of(names)) {
        benchmarks.run(name);
      }
    } catch (Exception e) {
      e.printStackTrace();
      System.exit(1);
    }
    System.exit(0); // the embedded servers have threads of their own
  }

  private void run(String name) throws Exception {
    if (name.equals("pages")) {
      for (Map.Entry<String, Figures> table : PagesBenchmark.run().entrySet()) {
        write(table.getKey(), table.getValue());
      }
      return;
    }
    Figures figures =
        switch (name) {
          case "near" -> hits("Annotated hits in the process", NEAR, 2_000, 1, 2, 8);
          case "million" ->
              hits("The same over a million keys", NEAR.subList(0, 4), 1_000_000, 1, 8);
          case "remote" -> HitRounds.measure("Annotated hits in Redis", REMOTE, 2_000, 1, 8, 32);
          case "allocation" -> allocation();
          case "bytes" -> RedisMeasurements.bytes();
          case "clear" -> RedisMeasurements.clear();
          case "encoding" -> EncodingFigures.all();
          case "cold" -> ColdLoads.measure();
          case "writes" -> Writes.measure();
          case "latency" -> Sightings.measure();
          default -> throw new IllegalArgumentException("No benchmark has the name " + name);
        };
    write(name, figures);
  }

  private void write(String name, Figures figures) throws IOException {
    Files.writeString(folder.resolve(name + ".md"), figures.markdown());
    Files.writeString(folder.resolve(name + ".svg"), figures.svg());
    System.out.println(figures.markdown());
  }

  private static Figures hits(String title, List<String> peers, int keys, int... threads)
      throws RunnerException {
    Figures figures = new Figures(title, "hits per second");
    for (int count : threads) {
      for (RunResult result : hits(peers, keys, count, new OptionsBuilder())) {
        figures.add(
            result.getParams().getParam("peer"),
            count == 1 ? "1 thread" : count + " threads",
            result.getPrimaryResult().getScore(),
            result.getPrimaryResult().getScoreError());
      }
    }
    return figures;
  }

  private static Figures allocation() throws RunnerException {
    Figures figures = new Figures("What a hit in the process allocates", "bytes");
    ChainedOptionsBuilder profiled = new OptionsBuilder().addProfiler(GCProfiler.class);
    for (int keys : new int[] {1, 2_000}) {
      for (RunResult result : hits(NEAR, keys, 1, profiled)) {
        var allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
        figures.add(
            result.getParams().getParam("peer"),
            keys == 1 ? "one key" : String.format(Locale.ROOT, "%,d keys", keys),
            allocated.getScore(),
            allocated.getScoreError());
      }
    }
    return figures;
  }

  /** Runs in processes of their own, all on the Redis of this one. */
  private static Collection<RunResult> hits(
      List<String> peers, int keys, int threads, ChainedOptionsBuilder options)
      throws RunnerException {
    return new Runner(
            options
                .include(HitBenchmark.class.getSimpleName())
                .param("peer", peers.toArray(String[]::new))
                .param("keys", Integer.toString(keys))
                .param("port", Integer.toString(TestServers.redis().port()))
                .threads(threads)
                .jvmArgsAppend("-Xmx6g")
                .shouldFailOnError(true)
                .build())
        .run();
  }
}
