package larder.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import larder.dev.servers.TestServers;

/**
 * Hits of several peers in one process, in turns: each round gives every peer the same short time,
 * so that all meet the same noise of the machine, and code of all that is compiled. For hits that
 * wait for Redis, where the noise from second to second is larger than the differences.
 */
final class HitRounds {

  private static final int ROUNDS = 30;
  private static final int WARM_UP = 15;
  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

  private final Map<String, Peer> peers = new LinkedHashMap<>();
  private final Keys ids;

  private HitRounds(List<String> names, int keys) {
    ids = Keys.zipf(keys);
    for (String name : names) {
      Peer peer = Peer.start(name, TestServers.redis().port());
      ids.distinct().parallel().forEach(peer::get);
      peers.put(name, peer);
    }
  }

  /** Returns hits per second of each peer: the median of the rounds, and half of their middle. */
  static Figures measure(String title, List<String> names, int keys, int... threads)
      throws Exception {
    Figures figures = new Figures(title, "hits per second");
    HitRounds hits = new HitRounds(names, keys);
    for (int count : threads) {
      hits.rates(count)
          .forEach(
              (peer, rates) ->
                  figures.add(
                      peer,
                      count == 1 ? "1 thread" : count + " threads",
                      quantile(rates, 0.5),
                      (quantile(rates, 0.75) - quantile(rates, 0.25)) / 2));
    }
    hits.peers.values().forEach(Peer::close);
    return figures;
  }

  private Map<String, double[]> rates(int threads) throws Exception {
    Map<String, double[]> rates = new LinkedHashMap<>();
    ExecutorService callers = Executors.newFixedThreadPool(threads);
    for (int round = -WARM_UP; round < ROUNDS; round++) {
      for (Map.Entry<String, Peer> peer : peers.entrySet()) {
        double rate = rate(callers, threads, peer.getValue());
        if (round >= 0) {
          rates.computeIfAbsent(peer.getKey(), any -> new double[ROUNDS])[round] = rate;
        }
      }
    }
    callers.shutdown();
    rates.values().forEach(Arrays::sort);
    return rates;
  }

  private double rate(ExecutorService callers, int threads, Peer peer) throws Exception {
    long began = System.nanoTime();
    List<Future<Long>> counts = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      counts.add(callers.submit(() -> count(peer, began + SLICE_NANOS)));
    }
    long sum = 0;
    for (Future<Long> count : counts) {
      sum += count.get();
    }
    return sum * 1e9 / (System.nanoTime() - began);
  }

  private long count(Peer peer, long until) {
    int turn = ThreadLocalRandom.current().nextInt(1 << 20);
    long count = 0;
    while (System.nanoTime() - until < 0) {
      peer.get(ids.at(turn++));
      count++;
    }
    return count;
  }

  private static double quantile(double[] sorted, double share) {
    return sorted[(int) Math.min(sorted.length - 1, sorted.length * share)];
  }
}
