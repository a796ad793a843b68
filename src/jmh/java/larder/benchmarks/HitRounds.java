package larder.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import larder.dev.servers.TestServers;

/**
 * Hits of several peers in turns: each round gives every peer the same short time, in an order that
 * moves on from round to round, so that all meet the same noise of the machine, which from second
 * to second is larger than the differences. Each peer has a process of its own, so that code of one
 * does not spoil the compilation of another; it stands still while others have their turn.
 */
final class HitRounds {

  private final Map<String, HitProcess> peers = new LinkedHashMap<>();
  private final Map<String, Long> loaded = new HashMap<>();
  private final Pace pace;

  private HitRounds(List<String> names, int keys, Pace pace) throws IOException {
    this.pace = pace;
    for (String name : Choice.peers(names)) {
      peers.put(name, HitProcess.start(name, keys, TestServers.redis().port()));
    }
    for (Map.Entry<String, HitProcess> peer : peers.entrySet()) {
      int count = peer.getValue().awaitLoaded();
      loaded.put(peer.getKey(), peer.getValue().loads());
      System.out.printf("%s has loaded %,d%n", peer.getKey(), count);
    }
  }

  /**
   * How long what is done.
   *
   * @param warmUp rounds that do not count, for each number of threads
   * @param rounds rounds that count
   * @param sliceNanos what each peer has in a round
   */
  record Pace(int warmUp, int rounds, long sliceNanos) {

    static Pace of(int warmUp, int rounds, int sliceMillis) {
      return new Pace(
          Choice.isQuick() ? 2 : warmUp,
          Choice.rounds(rounds),
          TimeUnit.MILLISECONDS.toNanos(sliceMillis));
    }
  }

  /** Returns hits per second of each peer: the median of the rounds, and half of their middle. */
  static Figures measure(String title, List<String> names, int keys, Pace pace, int... threads)
      throws IOException {
    Figures figures = new Figures(title, "hits per second");
    HitRounds hits = new HitRounds(names, keys, pace);
    try {
      for (int count : threads) {
        String column = count == 1 ? "1 thread" : count + " threads";
        hits.rates(count)
            .forEach((peer, rates) -> figures.add(peer, column, rates.median(), rates.spread()));
      }
      hits.tellLoads();
    } finally {
      hits.peers.values().forEach(HitProcess::close);
    }
    return figures;
  }

  /** Says how many of the hits were none, as when Redis was late. */
  private void tellLoads() throws IOException {
    for (Map.Entry<String, HitProcess> peer : peers.entrySet()) {
      long more = peer.getValue().loads() - loaded.getOrDefault(peer.getKey(), 0L);
      System.out.printf("%s: %,d hits were loads%n", peer.getKey(), more);
    }
  }

  private Map<String, Samples> rates(int threads) throws IOException {
    Map<String, Samples> rates = new LinkedHashMap<>();
    peers.keySet().forEach(name -> rates.put(name, new Samples()));
    List<String> order = new ArrayList<>(peers.keySet());
    for (int round = -pace.warmUp(); round < pace.rounds(); round++) {
      for (String name : order) {
        double rate = peers.get(name).rate(threads, pace.sliceNanos());
        if (round >= 0) {
          rates.get(name).add(rate);
        }
      }
      Collections.rotate(order, 1);
    }
    return rates;
  }
}
