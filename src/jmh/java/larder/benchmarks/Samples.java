package larder.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What one measurement gave in each of its rounds: times, or one rate for each round. */
public final class Samples {

  private final List<double[]> rounds = new ArrayList<>();

  /** Adds the figures of a round. */
  public void add(double... figures) {
    rounds.add(figures);
  }

  /** Adds the times of a round. */
  public void add(long[] nanos) {
    rounds.add(Arrays.stream(nanos).asDoubleStream().toArray());
  }

  /** Forgets all. */
  public void clear() {
    rounds.clear();
  }

  /** Returns the median over the rounds of each round's median. */
  public double median() {
    return quantile(medians(), 0.5);
  }

  /**
   * Returns half of the range in which the middle half of the rounds' medians lies; with three
   * rounds or fewer, in which all lie.
   */
  public double spread() {
    double[] medians = medians();
    return (quantile(medians, 0.75) - quantile(medians, 0.25)) / 2;
  }

  /** Returns a quantile of all figures, whatever their rounds. */
  public double quantile(double share) {
    return quantile(rounds.stream().flatMapToDouble(Arrays::stream).sorted().toArray(), share);
  }

  /** Returns how many figures there are. */
  public long count() {
    return rounds.stream().mapToLong(round -> round.length).sum();
  }

  private double[] medians() {
    return rounds.stream()
        .filter(round -> round.length > 0)
        .mapToDouble(round -> quantile(Arrays.stream(round).sorted().toArray(), 0.5))
        .sorted()
        .toArray();
  }

  private static double quantile(double[] sorted, double share) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1.0, share * sorted.length)];
  }
}
