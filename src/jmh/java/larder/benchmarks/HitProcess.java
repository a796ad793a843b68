package larder.benchmarks;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.openjdk.jmh.infra.Blackhole;

/** A peer in a process of its own, which has hits for as long as it is told. */
final class HitProcess implements AutoCloseable {

  /** Loads wait for Redis most of the time. */
  private static final int LOADERS = 32;

  /** Hits between two looks at the clock. */
  private static final int BATCH = 64;

  private final Process process;
  private final DataOutputStream orders;
  private final DataInputStream results;

  private HitProcess(Process process) {
    this.process = process;
    this.orders = new DataOutputStream(process.getOutputStream());
    this.results = new DataInputStream(process.getInputStream());
  }

  /** Starts one, which loads its accounts; {@link #awaitLoaded()} returns when it has. */
  static HitProcess start(String peer, int keys, int port) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx3g",
            "-XX:+DisplayVMOutputToStderr",
            "-cp",
            System.getProperty("java.class.path"),
            HitProcess.class.getName(),
            peer,
            Integer.toString(keys),
            Integer.toString(port));
    return new HitProcess(new ProcessBuilder(command).redirectError(Redirect.INHERIT).start());
  }

  /** Returns how many accounts it has loaded, when it has. */
  int awaitLoaded() throws IOException {
    return results.readInt();
  }

  /** Returns the hits per second of so many threads in so many nanoseconds. */
  double rate(int threads, long nanos) throws IOException {
    orders.writeInt(threads);
    orders.writeLong(nanos);
    orders.flush();
    return results.readDouble();
  }

  /** Returns how many accounts it has loaded in all. */
  long loads() throws IOException {
    orders.writeInt(0);
    orders.flush();
    return results.readLong();
  }

  @Override
  public void close() {
    process.destroy();
  }

  /** Takes orders until there are no more. */
  public static void main(String[] words) throws Exception {
    DataInputStream orders = new DataInputStream(System.in);
    DataOutputStream results = new DataOutputStream(new PrintStream(System.out, true));
    System.setOut(System.err);
    Keys ids = Keys.zipf(Integer.parseInt(words[1]));
    Peer peer = Peer.start(words[0], Integer.parseInt(words[2]));
    new ForkJoinPool(LOADERS).submit(() -> ids.distinct().parallel().forEach(peer::get)).join();
    results.writeInt((int) ids.distinct().count());
    ExecutorService callers = Executors.newCachedThreadPool();
    while (true) {
      try {
        int threads = orders.readInt();
        if (threads == 0) {
          results.writeLong(peer.loads());
        } else {
          results.writeDouble(rate(peer, ids, callers, threads, orders.readLong()));
        }
      } catch (EOFException last) {
        System.exit(0);
      }
    }
  }

  private static double rate(Peer peer, Keys ids, ExecutorService callers, int threads, long nanos)
      throws Exception {
    long began = System.nanoTime();
    List<Future<Double>> rates = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      rates.add(callers.submit(() -> rate(peer, ids, began, nanos)));
    }
    double sum = 0;
    for (Future<Double> rate : rates) {
      sum += rate.get();
    }
    return sum;
  }

  private static double rate(Peer peer, Keys ids, long began, long nanos) {
    Blackhole blackhole =
        new Blackhole(
            "Today's password is swordfish. I understand instantiating Blackholes directly is"
                + " dangerous.");
    int turn = ThreadLocalRandom.current().nextInt(1 << 20);
    long count = 0;
    long took;
    do {
      for (int i = 0; i < BATCH; i++) {
        blackhole.consume(peer.get(ids.at(turn++)));
      }
      count += BATCH;
      took = System.nanoTime() - began;
    } while (took < nanos);
    return count * 1e9 / took;
  }
}
