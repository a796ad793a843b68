package larder.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import larder.history.Faults.Happened;
import larder.history.Schedule.Planned;
import larder.history.node.Level;
import larder.history.node.Safeguard;
import larder.history.node.Workload;
import larder.history.node.WriteKind;
import org.jspecify.annotations.Nullable;

/**
 * One run: what is run, and the running of it.
 *
 * @param level how much of the layer is used
 * @param off the safeguard that is switched off
 * @param workloads what the callers of each node do
 * @param plainSql whether another program writes, where the level promises something of it
 * @param length how long they work, at most
 * @param untilBroken whether they work no longer than until the bound is seen broken; faults that
 *     last longer than that are not mended
 * @param schedule what goes wrong meanwhile
 */
record HistoryRun(
    Level level,
    Safeguard off,
    List<Workload> workloads,
    boolean plainSql,
    Duration length,
    boolean untilBroken,
    Schedule schedule) {

  /** The promise: {@code larder.max-staleness}. */
  static final Duration BOUND = Duration.ofSeconds(2);

  /** Between two looks for a break of the bound. */
  private static final long LOOK_MILLIS = 250;

  /** Longer than any fault lasts. */
  private static final Duration WAIT = Duration.ofSeconds(15);

  /**
   * What came of a run.
   *
   * @param verdict the judgement
   * @param faults how often each kind was made
   * @param took how long the nodes worked
   * @param text all of it as a page
   */
  record Outcome(Verdict verdict, Map<Fault, Integer> faults, Duration took, String text) {}

  /** Runs from the start of the servers to their end. */
  Outcome run() throws Exception {
    Path folder = Files.createDirectories(Path.of("target", "history"));
    Path data = Files.createTempDirectory(folder, "servers-").toAbsolutePath();
    List<Happened> happened = new CopyOnWriteArrayList<>();
    History history =
        new History(BOUND.toNanos(), WAIT.toNanos(), nanos -> Faults.at(nanos, happened));
    List<NodeProcess> processes = new ArrayList<>();
    try (Servers servers = Servers.start(data)) {
      for (int i = 0; i < workloads.size(); i++) {
        Path log = folder.resolve("%s-%d-node-%d.log".formatted(off, schedule.seed(), i));
        Files.deleteIfExists(log);
        processes.add(new NodeProcess(i, servers, settings(workloads.get(i)), log, history));
      }
      return work(servers, processes, history, happened);
    } finally {
      processes.forEach(NodeProcess::close);
    }
  }

  private Map<String, String> settings(Workload workload) {
    Map<String, String> settings = new HashMap<>(workload.settings());
    settings.put("history.level", level.name());
    settings.put("history.off", off.name());
    settings.put("larder.max-staleness", BOUND.toMillis() + "ms");
    settings.putAll(level.settings());
    return settings;
  }

  private Outcome work(
      Servers servers, List<NodeProcess> processes, History history, List<Happened> happened)
      throws Exception {
    processes.forEach(NodeProcess::launch);
    for (NodeProcess process : processes) {
      process.awaitRunning();
    }
    if (level.boundsCommits()) {
      servers.noteRelay();
    }
    if (off == Safeguard.OUTBOX_OFF) {
      servers.muteOutbox();
    }
    processes.forEach(NodeProcess::go);
    long start = System.nanoTime();
    try (Outsider outsider = new Outsider(servers, history, workloads.get(0))) {
      if (level.boundsCommits()) {
        outsider.look();
      }
      if (plainSql && level.writes(WriteKind.PLAIN_SQL)) {
        outsider.write();
      }
      follow(start, new Faults(servers, processes, happened), history);
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    for (NodeProcess process : processes) {
      process.end();
    }
    history.end();
    return outcome(history.verdict(), happened, took, start);
  }

  /** Lets the faults happen in their time, each on a thread of its own, until the run ends. */
  private void follow(long start, Faults faults, History history) throws Exception {
    ExecutorService makers = Executors.newCachedThreadPool();
    List<Future<?>> made = new ArrayList<>();
    try {
      boolean broken = false;
      for (Planned planned : schedule.faults()) {
        broken = broken || awaitMillis(start, planned.beginMillis(), history);
        if (!broken) {
          made.add(makers.submit(() -> make(faults, planned)));
        }
      }
      if (!broken && !awaitMillis(start, length.toMillis(), history)) {
        for (Future<?> each : made) {
          each.get(2, TimeUnit.MINUTES);
        }
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("A fault could not be made", e.getCause());
    } finally {
      makers.shutdownNow();
    }
    if (!makers.awaitTermination(1, TimeUnit.MINUTES)) {
      throw new IllegalStateException("A fault does not end");
    }
  }

  private static @Nullable Void make(Faults faults, Planned planned) throws InterruptedException {
    faults.run(planned);
    return null;
  }

  /** Waits for an instant of the run; true if the run is to end before. */
  private boolean awaitMillis(long start, long millis, History history)
      throws InterruptedException {
    long end = start + TimeUnit.MILLISECONDS.toNanos(millis);
    long look = untilBroken ? TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS) : Long.MAX_VALUE;
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      TimeUnit.NANOSECONDS.sleep(Math.min(left, look));
      if (untilBroken && history.isBroken()) {
        return true;
      }
    }
    return false;
  }

  private Outcome outcome(Verdict verdict, List<Happened> happened, Duration took, long start)
      throws IOException {
    Map<Fault, Integer> counts = Faults.counts(happened);
    String text =
        String.format(
                Locale.ROOT,
                """
            seed           %d
            level          %s, %s, bound %d ms
            length         %.1f s, %d nodes
            faults         %d %s
            """,
                schedule.seed(),
                level,
                off,
                BOUND.toMillis(),
                took.toMillis() / 1e3,
                workloads.size(),
                happened.size(),
                counts)
            + verdict.text(start)
            + Faults.text(happened);
    Path report = Path.of("target", "history", "%s-%d.txt".formatted(off, schedule.seed()));
    Files.writeString(report, text);
    return new Outcome(verdict, counts, took, text);
  }
}
