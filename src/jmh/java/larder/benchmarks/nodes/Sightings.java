package larder.benchmarks.nodes;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import larder.benchmarks.Choice;
import larder.benchmarks.Figures;
import larder.benchmarks.Samples;

/**
 * How long after a change on one node another still answers what was before.
 *
 * <p>The other node reads without a pause but for the shortest sleep, some 60 microseconds, so that
 * reading takes no core from those who bring the news. The time ends with the beginning of the
 * first read that answers the new version. What a sleeping thread is late by is measured as well.
 */
public final class Sightings {

  private static final List<String> PEERS =
      List.of(
          "Larder",
          "Larder, plain SQL by another program",
          "JetCache",
          "RLocalCachedMap",
          "RedisCacheManager",
          "RedissonSpringCacheManager",
          "PUBLISH by Lettuce");

  private static final String WAKING = "a thread that wakes up";

  private static final Rounds ROUNDS = Rounds.of(24);
  private static final int CHANGES = 50;
  private static final long BETWEEN_NANOS = 2_000_000;
  private static final long LONGEST_SECONDS = 3;
  private static final long NEVER = -1;

  private final Map<String, Pair> pairs = new LinkedHashMap<>();
  private final Map<String, Samples> samples = new LinkedHashMap<>();
  private final ExecutorService reader = Executors.newSingleThreadExecutor();
  private long version;

  private Sightings() {}

  /** Measures, and returns the table. */
  public static Figures measure() {
    Sightings sightings = new Sightings();
    Choice.peers(PEERS).forEach(name -> sightings.pairs.put(name, Pair.start(name)));
    ROUNDS.run(sightings::round, sightings.samples::clear);
    sightings.reader.shutdownNow();
    return sightings.figures();
  }

  private void round() {
    pairs.forEach(
        (name, pair) -> {
          long[] nanos =
              LongStream.range(0, CHANGES)
                  .map(any -> sighting(pair))
                  .filter(time -> time != NEVER)
                  .toArray();
          add(name, nanos);
        });
    add(WAKING, waking());
  }

  private void add(String name, long[] nanos) {
    samples.computeIfAbsent(name, any -> new Samples()).add(nanos);
  }

  private long sighting(Pair pair) {
    long wanted = ++version;
    pair.seen();
    AtomicBoolean over = new AtomicBoolean();
    Future<Long> seen = reader.submit(() -> firstReadOf(pair, wanted, over));
    LockSupport.parkNanos(BETWEEN_NANOS);
    long changed = pair.change(wanted);
    try {
      return Math.max(0, seen.get(LONGEST_SECONDS, TimeUnit.SECONDS) - changed);
    } catch (TimeoutException e) {
      over.set(true);
      return NEVER;
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns when the first read began that brought a version. */
  private static long firstReadOf(Pair pair, long wanted, AtomicBoolean over) {
    long began = System.nanoTime();
    while (pair.seen() < wanted && !over.get()) {
      LockSupport.parkNanos(1);
      began = System.nanoTime();
    }
    return began;
  }

  private static long[] waking() {
    long[] late = new long[CHANGES];
    for (int i = 0; i < CHANGES; i++) {
      long due = System.nanoTime() + BETWEEN_NANOS;
      LockSupport.parkNanos(BETWEEN_NANOS);
      late[i] = Math.max(0, System.nanoTime() - due);
    }
    return late;
  }

  private Figures figures() {
    Figures figures =
        new Figures(
            "A change is seen on another node after", "milliseconds; never: not within 3 s");
    samples.forEach(
        (name, times) -> {
          figures.add(name, "p50", times.median() / 1e6, times.spread() / 1e6);
          figures.add(name, "p99", times.quantile(0.99) / 1e6, Double.NaN);
          figures.add(name, "longest", times.quantile(1) / 1e6, Double.NaN);
          figures.add(
              name, "never", (double) ROUNDS.counted() * CHANGES - times.count(), Double.NaN);
        });
    return figures;
  }
}
