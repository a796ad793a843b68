package larder.benchmarks.pages;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What the rounds of one measurement gave. */
final class Samples {

  private final List<Measured> rounds = new ArrayList<>();
  private long pages;
  private long nodesMicros;
  private long serversMicros;

  void add(Measured measured) {
    rounds.add(measured);
  }

  void add(Measured measured, Cpu used) {
    add(measured);
    pages += measured.micros().length;
    nodesMicros += used.nodesMicros();
    serversMicros += used.serversMicros();
  }

  /** Returns the processor time that a page took of the node, in microseconds. */
  double nodeMicros() {
    return nodesMicros / (double) pages;
  }

  /** Returns the same of PostgreSQL and Redis. */
  double serverMicros() {
    return serversMicros / (double) pages;
  }

  private double[] sorted(ToDoubleFunction<Measured> figure) {
    return rounds.stream().mapToDouble(figure).sorted().toArray();
  }

  /** Returns the middle of a figure over the rounds. */
  double median(ToDoubleFunction<Measured> figure) {
    double[] sorted = sorted(figure);
    return sorted[sorted.length / 2];
  }

  /** Returns half the distance between the least and the greatest of the rounds. */
  double spread(ToDoubleFunction<Measured> figure) {
    double[] sorted = sorted(figure);
    return (sorted[sorted.length - 1] - sorted[0]) / 2;
  }

  /** Returns the milliseconds within which a share of the pages of all rounds was answered. */
  double millis(double share) {
    int[] all = rounds.stream().map(Measured::micros).flatMapToInt(Arrays::stream).toArray();
    return Measured.millis(all, share);
  }
}
