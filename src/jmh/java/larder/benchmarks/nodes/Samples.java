package larder.benchmarks.nodes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Times that were taken in rounds, in nanoseconds. */
final class Samples {

  private final List<long[]> rounds = new ArrayList<>();

  /** Adds the times of a round. */
  void add(long[] nanos) {
    rounds.add(nanos);
  }

  /** Returns the median over the rounds of each round's median. */
  double median() {
    return quantile(medians(), 0.5);
  }

  /** Returns half of the range in which the middle half of the rounds' medians lies. */
  double spread() {
    double[] medians = medians();
    return (quantile(medians, 0.75) - quantile(medians, 0.25)) / 2;
  }

  /** Returns a quantile of all times, whatever their rounds. */
  double quantile(double share) {
    double[] all =
        rounds.stream().flatMapToLong(Arrays::stream).asDoubleStream().sorted().toArray();
    return quantile(all, share);
  }

  /** Returns how many times there are. */
  long count() {
    return rounds.stream().mapToLong(round -> round.length).sum();
  }

  private double[] medians() {
    return rounds.stream()
        .filter(round -> round.length > 0)
        .mapToDouble(
            round -> quantile(Arrays.stream(round).asDoubleStream().sorted().toArray(), 0.5))
        .sorted()
        .toArray();
  }

  private static double quantile(double[] sorted, double share) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1.0, share * sorted.length)];
  }
}
