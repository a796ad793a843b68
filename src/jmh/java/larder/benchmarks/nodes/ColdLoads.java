package larder.benchmarks.nodes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import larder.benchmarks.Figures;
import larder.benchmarks.Samples;
import larder.dev.servers.TestServers;

/**
 * Calls of an annotated method whose keys nobody has cached: what they take, what Redis does for
 * each and what of that the caller waits for, and how many loads a crowd makes.
 *
 * <p>One process; each round has every peer load some members that it has not loaded yet, so that
 * all meet the same noise. Between two loads the caller rests, so that none waits for what the one
 * before has left to be done behind its caller's back; what all of it takes is seen where several
 * threads load without a rest.
 */
public final class ColdLoads {

  private static final Rounds ROUNDS = Rounds.of(24);
  private static final int LOADS = 50;
  private static final long PAUSE_NANOS = 1_000_000;
  private static final int THREADS = 8;
  private static final int LOADS_TOGETHER = 200;
  private static final int STAMPEDES = 5;

  private final List<Peer> peers = new ArrayList<>();
  private final Map<String, Samples> trips = new LinkedHashMap<>();

  private ColdLoads() {}

  /** A contender, and the members that nobody has asked it for. */
  private static final class Peer {
    final Contender contender;
    final Samples samples = new Samples();
    final Samples together = new Samples();
    final AtomicLong next = new AtomicLong();

    Peer(String name) {
      contender = new Contender(name);
    }

    String name() {
      return contender.name();
    }

    void load(Members members) {
      members.find(next.incrementAndGet());
    }

    void loadPaused(Members members) {
      samples.add(
          Contender.timed(LOADS, i -> LockSupport.parkNanos(PAUSE_NANOS), i -> load(members)));
    }

    /** Loads in several threads, and takes the time for each load. */
    void loadTogether(Members members, ForkJoinPool callers) {
      long began = System.nanoTime();
      callers
          .submit(() -> IntStream.range(0, LOADS_TOGETHER).parallel().forEach(i -> load(members)))
          .join();
      together.add((System.nanoTime() - began) / (double) LOADS_TOGETHER);
    }
  }

  /** Measures, and returns the tables. */
  public static Figures measure() {
    ColdLoads measured = new ColdLoads();
    Contender.names(Node.LARDER_WITHOUT_NEAR).forEach(name -> measured.peers.add(new Peer(name)));
    measured.rounds();
    return measured.times().and(measured.commands()).and(measured.stampedes());
  }

  private void rounds() {
    ForkJoinPool callers = new ForkJoinPool(THREADS);
    try (RedisTrips redis = new RedisTrips(TestServers.redis().port())) {
      ROUNDS.run(() -> round(redis, callers), this::forget);
    }
    callers.shutdown();
  }

  private void round(RedisTrips redis, ForkJoinPool callers) {
    for (Peer peer : peers) {
      Members members = peer.contender.node().members();
      peer.loadPaused(members);
      peer.loadTogether(members, callers);
    }
    trip("PING by Lettuce", redis::ping);
    trip("GET by Lettuce", redis::lettuceGet);
    trip("GET by Redisson", redis::redissonGet);
  }

  private void forget() {
    trips.clear();
    peers.forEach(
        peer -> {
          peer.samples.clear();
          peer.together.clear();
        });
  }

  private void trip(String name, Runnable trip) {
    trips
        .computeIfAbsent(name, any -> new Samples())
        .add(Contender.timed(LOADS, i -> LockSupport.parkNanos(PAUSE_NANOS), i -> trip.run()));
  }

  private Figures times() {
    Figures figures = new Figures("A cold load", "microseconds");
    double bare = peers.get(0).samples.median();
    double trip = trips.get("GET by Redisson").median();
    for (Peer peer : peers) {
      Samples samples = peer.samples;
      add(figures, peer.name(), samples);
      double more = samples.median() - bare;
      figures.add(peer.name(), "more than " + peers.get(0).name(), more / 1e3, Double.NaN);
      figures.add(peer.name(), "in round trips", more / trip, Double.NaN);
      figures.add(
          peer.name(),
          "each of 8 threads' loads",
          peer.together.median() / 1e3,
          peer.together.spread() / 1e3);
    }
    trips.forEach((name, samples) -> add(figures, name, samples));
    return figures;
  }

  private static void add(Figures figures, String name, Samples samples) {
    figures.add(name, "median", samples.median() / 1e3, samples.spread() / 1e3);
    figures.add(name, "p99", samples.quantile(0.99) / 1e3, Double.NaN);
  }

  private Figures commands() {
    Figures figures = new Figures("Redis for a cold load", "answers and commands").ofCounts();
    for (Peer peer : peers) {
      figures.add(peer.name(), "waited for", peer.contender.waits(peer::load), Double.NaN);
      peer.contender
          .commands(peer::load)
          .forEach((command, times) -> figures.add(peer.name(), command, times, Double.NaN));
    }
    return figures;
  }

  private Figures stampedes() {
    Figures figures = new Figures("64 callers on 2 nodes ask for one cold key", "loads").ofCounts();
    for (Peer peer : peers) {
      long loads = 0;
      for (int i = 0; i < STAMPEDES; i++) {
        List<Node> nodes = List.of(peer.contender.node(), peer.contender.other());
        loads += Stampede.loads(nodes, peer.next.incrementAndGet());
      }
      figures.add(peer.name(), "loads", loads / (double) STAMPEDES, Double.NaN);
    }
    return figures;
  }
}
