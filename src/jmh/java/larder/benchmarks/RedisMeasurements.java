package larder.benchmarks;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import larder.dev.servers.TestServers;

/** What entries take in Redis, and how long it takes to forget them all. */
final class RedisMeasurements {

  private static final List<String> PEERS =
      List.of("RedisCacheManager", "RedissonSpringCacheManager", "Larder");

  private static final int COUNTED = 10_000;

  /** So many keys may come and go that are no entries: locks, and what a peer notes. */
  private static final int OTHERS = 10;

  private static final int MANY = 100_000;
  private static final int ROUNDS = 5;

  /** The layer refuses copies under other keys; its clear does not look at entries. */
  private static final int GENUINE = 5_000;

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long PAUSE_NANOS = 20_000_000;

  private RedisMeasurements() {}

  /** Returns what one entry takes, by the memory that Redis says it uses for many. */
  static Figures bytes() {
    Figures figures = new Figures("Redis memory of an entry", "bytes");
    for (int more : new int[] {0, 2_000, 20_000}) {
      System.setProperty(Peer.MORE, Integer.toString(more));
      int size = Account.of(1, more).toString().length();
      for (String name : PEERS) {
        try (Peer peer = start(name)) {
          figures.add(
              name,
              String.format(Locale.ROOT, "about %,d characters", size),
              bytes(peer),
              Double.NaN);
        }
      }
    }
    System.setProperty(Peer.MORE, "0");
    return figures;
  }

  /** Nothing is given up that is to be counted: the others wait for as long as a minute. */
  private static Peer start(String name) {
    System.setProperty(Peer.DEADLINE, "5s");
    command("FLUSHALL", "ASYNC");
    return Peer.start(name, TestServers.redis().port());
  }

  /** All entries are in before it is measured, and nothing else comes meanwhile. */
  private static double bytes(Peer peer) {
    peer.get(Copies.FIRST);
    awaitQuiet();
    long memory = figure("memory", "used_memory_dataset");
    int entries = Copies.count();
    LongStream.rangeClosed(1, COUNTED).parallel().forEach(id -> peer.get(Copies.FIRST + id));
    await(() -> Copies.count() >= entries + COUNTED, "entries that were stored");
    awaitQuiet();
    int more = Copies.count() - entries - COUNTED;
    check(Math.abs(more) <= OTHERS, "entries were lost, or others came: " + more);
    return (figure("memory", "used_memory_dataset") - memory) / (double) COUNTED;
  }

  /**
   * Returns how long it takes from the call of the annotated method that clears the cache until it
   * has returned and nothing of the cache is served any more: the median of some, and for a million
   * entries one.
   */
  static Figures clear() {
    Figures figures = new Figures("Clear of a cache", "milliseconds");
    for (int count : new int[] {1_000, 20_000, 100_000, 1_000_000}) {
      for (String name : PEERS) {
        try (Peer peer = start(name)) {
          Clearing clearing = new Clearing(peer, name.startsWith("Larder") ? GENUINE : 1);
          clearing.clear(1); // the first one loads classes
          Samples took = new Samples();
          for (int i = 0; i < (count > MANY ? 1 : Choice.rounds(ROUNDS)); i++) {
            took.add(clearing.clear(count));
          }
          String column = String.format(Locale.ROOT, "%,d entries", count);
          figures.add(name, column, took.median(), took.spread());
        } catch (IllegalStateException e) {
          System.out.printf("%s does not clear %,d entries: %s%n", name, count, e);
        }
      }
    }
    return figures;
  }

  /** Waits until Redis has no more writes to do. */
  static void awaitQuiet() {
    long[] before = {-1};
    await(
        () -> {
          long keys = Copies.count();
          boolean same = keys == before[0];
          before[0] = keys;
          LockSupport.parkNanos(10 * PAUSE_NANOS);
          return same;
        },
        "Redis to be quiet");
  }

  static void await(BooleanSupplier reached, String what) {
    long began = System.nanoTime();
    while (!reached.getAsBoolean()) {
      check(System.nanoTime() - began < PATIENCE.toNanos(), "waited in vain for " + what);
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }

  private static String command(String... words) {
    return TestServers.redis().command(words);
  }

  private static long figure(String section, String name) {
    return Arrays.stream(command("INFO", section).split("\r?\n"))
        .filter(line -> line.startsWith(name + ":"))
        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
        .findFirst()
        .orElseThrow();
  }
}
