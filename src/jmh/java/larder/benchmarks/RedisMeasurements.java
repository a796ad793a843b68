package larder.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import larder.dev.servers.TestServers;

/** What entries take in Redis, and how long it takes to forget them all. */
final class RedisMeasurements {

  private static final List<String> PEERS =
      List.of("RedisCacheManager", "RedissonSpringCacheManager", "Larder");

  private static final int COUNTED = 10_000;
  private static final int ROUNDS = 5;

  private RedisMeasurements() {}

  /** Returns what one entry takes, by the memory that Redis says it uses for many. */
  static Figures bytes() {
    Figures figures = new Figures("Redis memory of an entry", "bytes");
    for (int more : new int[] {0, 2_000, 20_000}) {
      System.setProperty(Peer.MORE, Integer.toString(more));
      int size = Account.of(1, more).toString().length();
      for (String name : PEERS) {
        command("FLUSHALL");
        try (Peer peer = Peer.start(name, TestServers.redis().port())) {
          long before = used();
          fill(peer, COUNTED);
          figures.add(
              name,
              String.format(Locale.ROOT, "about %,d characters", size),
              (used() - before) / (double) COUNTED,
              Double.NaN);
        }
      }
    }
    System.setProperty(Peer.MORE, "0");
    return figures;
  }

  /** Returns how long the annotated method that clears the cache takes, the median of some. */
  static Figures clear() {
    Figures figures = new Figures("Clear of a cache", "milliseconds");
    for (int count : new int[] {1_000, 10_000, 100_000, 1_000_000}) {
      for (String name : PEERS) {
        command("FLUSHALL");
        try (Peer peer = Peer.start(name, TestServers.redis().port())) {
          int rounds = count >= 1_000_000 ? 1 : ROUNDS;
          double[] took = new double[rounds];
          peer.clear(); // the first one loads classes
          for (int i = 0; i < rounds; i++) {
            fill(peer, count);
            long began = System.nanoTime();
            peer.clear();
            took[i] = (System.nanoTime() - began) / 1e6;
          }
          Arrays.sort(took);
          figures.add(
              name, String.format(Locale.ROOT, "%,d entries", count), took[rounds / 2], Double.NaN);
        } catch (RuntimeException e) {
          System.out.println(name + " does not clear " + count + " entries: " + e);
        }
      }
    }
    return figures;
  }

  private static void fill(Peer peer, int count) {
    LongStream.range(0, count).parallel().forEach(id -> peer.get(1_000_000L + id));
    awaitQuiet();
  }

  /** Waits until Redis has no more commands to do but those of the measurement. */
  private static void awaitQuiet() {
    long before = -1;
    for (long keys = used(); keys != before; keys = used()) {
      before = keys;
      try {
        Thread.sleep(200);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static String command(String... words) {
    return TestServers.redis().command(words);
  }

  private static long used() {
    return Arrays.stream(command("INFO", "memory").split("\r?\n"))
        .filter(line -> line.startsWith("used_memory_dataset:"))
        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
        .findFirst()
        .orElseThrow();
  }
}
