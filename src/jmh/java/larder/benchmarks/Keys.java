package larder.benchmarks;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;

/** The ids that a benchmark asks for, drawn beforehand. */
final class Keys {

  private static final int DRAWN = 1 << 20;

  private final long[] ids;

  private Keys(long[] ids) {
    this.ids = ids;
  }

  /**
   * Draws ids by Zipf's law with an exponent of 1: the second is asked for half as often as the
   * first.
   *
   * @param count how many ids there are
   */
  static Keys zipf(int count) {
    double[] sums = new double[count];
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += 1.0 / (i + 1);
      sums[i] = sum;
    }
    Random random = new Random(42);
    long[] ids = new long[DRAWN];
    for (int i = 0; i < DRAWN; i++) {
      int found = Arrays.binarySearch(sums, random.nextDouble() * sum);
      // Ids beyond the small ones, of which Java keeps boxes.
      ids[i] = 1_000 + Math.min(found < 0 ? -found - 1 : found, count - 1);
    }
    return new Keys(ids);
  }

  /** Returns the id of a turn. */
  long at(int turn) {
    return ids[turn & (DRAWN - 1)];
  }

  /** Returns all ids that any turn has, each once. */
  LongStream distinct() {
    return LongStream.of(ids).distinct();
  }
}
