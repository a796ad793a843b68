package larder.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import larder.benchmarks.HitRounds.Pace;
import larder.benchmarks.nodes.ColdLoads;
import larder.benchmarks.nodes.Sightings;
import larder.benchmarks.nodes.Writes;
import larder.benchmarks.pages.PagesBenchmark;
import larder.dev.servers.TestServers;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** One benchmark, run by its name, with servers of its own. */
final class OneBenchmark {

  private static final List<String> CACHES =
      List.of("CaffeineCacheManager", "JetCache", "Larder", "caffeine");
  private static final List<String> NEAR =
      List.of("CaffeineCacheManager", "JetCache", "Larder", "caffeine", "proxy", "method");
  private static final List<String> REMOTE =
      List.of(
          "RedisCacheManager",
          "RedissonSpringCacheManager",
          "Larder without near",
          "bucket",
          "lettuce");

  private static final int SOME = 2_000;
  private static final int MANY = 1_000_000;
  private static final int ITERATIONS = 2;

  private final Path folder;

  private OneBenchmark(Path folder) {
    this.folder = folder;
  }

  public static void main(String[] names) throws Exception {
    OneBenchmark one = new OneBenchmark(Files.createDirectories(Path.of("target/benchmarks")));
    try {
      // The servers of the tests have less room than a million entries need, and evict.
      TestServers.redis().command("CONFIG", "SET", "maxmemory", "0");
      Files.writeString(one.folder.resolve("machine.md"), Machine.described() + "\n");
      one.run(names[0]);
    } catch (Exception e) {
      e.printStackTrace();
      System.exit(1);
    }
    System.exit(0); // the embedded servers have threads of their own
  }

  private void run(String name) throws Exception {
    if (name.equals("pages")) {
      PagesBenchmark.run(this::write);
      return;
    }
    Figures figures =
        switch (name) {
          case "near" ->
              HitRounds.measure(
                  "Annotated hits in the process", NEAR, SOME, Pace.of(40, 30, 200), 1, 2, 8);
          case "million" ->
              HitRounds.measure(
                  "The same over a million keys", CACHES, MANY, Pace.of(50, 30, 200), 1, 8);
          case "remote" ->
              HitRounds.measure(
                  "Annotated hits in Redis", REMOTE, SOME, Pace.of(60, 30, 250), 1, 8, 32);
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

  private static Figures allocation() throws RunnerException {
    Figures figures = new Figures("What a hit in the process allocates", "bytes");
    for (int keys : new int[] {1, SOME}) {
      for (RunResult result : allocation(keys)) {
        var allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
        figures.add(
            result.getParams().getParam("peer"),
            keys == 1 ? "one key" : String.format(Locale.ROOT, "%,d keys", keys),
            allocated.getScore(),
            (allocated.getStatistics().getMax() - allocated.getStatistics().getMin()) / 2);
      }
    }
    return figures;
  }

  /** Runs each in a process of its own, all on the Redis of this one. */
  private static Collection<RunResult> allocation(int keys) throws RunnerException {
    return new Runner(
            new OptionsBuilder()
                .include(HitBenchmark.class.getSimpleName())
                .addProfiler(GCProfiler.class)
                .param("peer", Choice.peers(NEAR).toArray(String[]::new))
                .param("keys", Integer.toString(keys))
                .param("port", Integer.toString(TestServers.redis().port()))
                .threads(1)
                .warmupIterations(ITERATIONS)
                .measurementIterations(Choice.isQuick() ? 1 : ITERATIONS)
                .shouldFailOnError(true)
                .build())
        .run();
  }
}
