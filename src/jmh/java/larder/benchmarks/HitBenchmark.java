package larder.benchmarks;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Hits: one account after the other, all of which were loaded before. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class HitBenchmark {

  /** Who answers. */
  @Param("Larder")
  public String peer = "";

  /** How many accounts there are. */
  @Param("1")
  public int keys;

  /** Where Redis is. */
  @Param("0")
  public int port;

  private Peer asked = Peer.start("method", 0);
  private Keys ids = Keys.zipf(1);

  /** The turn of a thread. */
  @State(Scope.Thread)
  public static class Turn {
    private int next = ThreadLocalRandom.current().nextInt(1 << 20);
  }

  /** Loads all that will be asked for. */
  @Setup(Level.Trial)
  public void start() {
    asked = Peer.start(peer, port);
    ids = Keys.zipf(keys);
    ids.distinct().parallel().forEach(asked::get);
  }

  /** Stops who answered. */
  @TearDown(Level.Trial)
  public void stop() {
    asked.close();
  }

  /** One hit. */
  @Benchmark
  public Object hit(Turn turn) {
    return asked.get(ids.at(turn.next++));
  }
}
