package larder.benchmarks.pages;

import java.util.Arrays;
import larder.benchmarks.Samples;

/** What the rounds of one measurement gave: rates, times, and what each page cost. */
final class PageSamples {

  private static final double[] SHARES = {0.5, 0.99};

  private final Samples rates = new Samples();
  private final Samples[] millis = {new Samples(), new Samples()};
  private final Samples all = new Samples();
  private long pages;
  private long nodesMicros;
  private long serversMicros;

  void add(Measured measured, Cpu used) {
    rates.add(measured.rate());
    for (int i = 0; i < SHARES.length; i++) {
      millis[i].add(measured.millis(SHARES[i]));
    }
    all.add(Arrays.stream(measured.micros()).mapToDouble(micros -> micros / 1e3).toArray());
    pages += measured.micros().length;
    nodesMicros += used.nodesMicros();
    serversMicros += used.serversMicros();
  }

  /** Returns the pages of a second, one figure for each round. */
  Samples rates() {
    return rates;
  }

  /** Returns the milliseconds within which half was answered, one figure for each round. */
  Samples p50() {
    return millis[0];
  }

  /** Returns the milliseconds within which 99 of a hundred were answered, as {@link #p50()}. */
  Samples p99() {
    return millis[1];
  }

  /** Returns the milliseconds within which a share of the pages of all rounds was answered. */
  double millis(double share) {
    return all.quantile(share);
  }

  /** Returns the processor time that a page took of the nodes, in microseconds. */
  double nodeMicros() {
    return nodesMicros / (double) pages;
  }

  /** Returns the same of PostgreSQL and Redis. */
  double serverMicros() {
    return serversMicros / (double) pages;
  }
}
