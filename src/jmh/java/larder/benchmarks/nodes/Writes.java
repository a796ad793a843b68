package larder.benchmarks.nodes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import larder.benchmarks.Figures;
import larder.benchmarks.Samples;

/**
 * Transactions that change one row by JPA: those of an annotated method that evicts, of one that
 * puts, and of one that says nothing of caches.
 *
 * <p>One process; each round gives every peer a short time for each kind of write, with one thread
 * and with several, each on rows of its own. Commits wait for the database's log, as by default.
 */
public final class Writes {

  private static final Rounds ROUNDS = Rounds.of(12);
  private static final long SLICE_NANOS = 150_000_000;
  private static final int[] THREADS = {1, 8};
  private static final int ROWS_EACH = 200;

  /** A way to change a member. */
  private interface Write {
    void run(Members members, long id, String name);
  }

  private static final Map<String, Write> KINDS = new LinkedHashMap<>();

  static {
    KINDS.put("evict", Members::renameAndEvict);
    KINDS.put("put", Members::renameAndPut);
    KINDS.put("plain", Members::rename);
  }

  private final List<Contender> contenders = new ArrayList<>();
  private final Map<String, Map<String, Measured>> measured = new LinkedHashMap<>();
  private final ExecutorService callers = Executors.newCachedThreadPool();

  private Writes() {}

  /** What a peer was measured at in one column: times, and for each round how many a second. */
  private record Measured(Samples times, Samples rates) {}

  /** Measures, and returns the tables. */
  public static Figures measure() {
    Writes writes = new Writes();
    Contender.names(Node.LARDER_WITHOUT_OUTBOX)
        .forEach(name -> writes.contenders.add(new Contender(name)));
    ROUNDS.run(writes::round, writes.measured::clear);
    return writes.figures().and(writes.commands());
  }

  private void round() {
    contenders.forEach(each -> round(each.name(), each.node()));
  }

  private void round(String name, Node node) {
    for (int threads : THREADS) {
      KINDS.forEach(
          (kind, write) -> {
            String column = kind + (threads == 1 ? ", 1 thread" : ", " + threads + " threads");
            Measured of =
                measured
                    .computeIfAbsent(name, any -> new LinkedHashMap<>())
                    .computeIfAbsent(column, any -> new Measured(new Samples(), new Samples()));
            slice(node.members(), write, threads, of);
          });
    }
  }

  private void slice(Members members, Write write, int threads, Measured of) {
    CyclicBarrier together = new CyclicBarrier(threads);
    List<Callable<List<Long>>> writers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      long from = 1 + (long) i * ROWS_EACH;
      writers.add(
          () -> {
            together.await();
            return written(members, write, from);
          });
    }
    try {
      long began = System.nanoTime();
      List<Long> all = new ArrayList<>();
      for (Future<List<Long>> times : callers.invokeAll(writers)) {
        all.addAll(times.get());
      }
      of.rates().add(all.size() * 1e9 / (System.nanoTime() - began));
      of.times().add(all.stream().mapToLong(Long::longValue).toArray());
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes one row after the other, and returns the times. */
  private static List<Long> written(Members members, Write write, long from) {
    List<Long> nanos = new ArrayList<>();
    long end = System.nanoTime() + SLICE_NANOS;
    for (long i = 0; System.nanoTime() < end; i++) {
      long began = System.nanoTime();
      write.run(members, from + i % ROWS_EACH, "Renamed " + began);
      nanos.add(System.nanoTime() - began);
    }
    return nanos;
  }

  private Figures figures() {
    Figures rates = new Figures("Write transactions", "a second");
    Figures medians = new Figures("A write transaction, median", "milliseconds");
    Figures late = new Figures("A write transaction, p99", "milliseconds");
    measured.forEach(
        (name, columns) ->
            columns.forEach(
                (column, of) -> {
                  rates.add(name, column, of.rates().median(), of.rates().spread());
                  Samples times = of.times();
                  medians.add(name, column, times.median() / 1e6, times.spread() / 1e6);
                  late.add(name, column, times.quantile(0.99) / 1e6, Double.NaN);
                }));
    return rates.and(medians).and(late);
  }

  private Figures commands() {
    Figures figures = new Figures("Redis for a write", "answers and commands").ofCounts();
    for (Contender contender : contenders) {
      KINDS.forEach(
          (kind, write) -> {
            Contender.Work work = members -> write.run(members, 1, "" + System.nanoTime());
            figures.add(contender.name(), kind + ": waited for", contender.waits(work), Double.NaN);
            Map<String, Double> commands = contender.commands(work);
            double all = commands.values().stream().mapToDouble(Double::doubleValue).sum();
            figures.add(contender.name(), kind + ": commands", all, Double.NaN);
            figures.add(
                contender.name(),
                kind + ": records",
                commands.getOrDefault("xadd", 0.0),
                Double.NaN);
          });
    }
    return figures;
  }
}
