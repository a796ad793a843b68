package larder.history;

/** How stale reads were: counted per tenth of a millisecond, so that memory is bounded. */
final class Staleness {

  private static final long STEP_NANOS = 100_000;
  private static final int STEPS = 300_000;

  private final long[] counts = new long[STEPS + 1];
  private long total;
  private long worstNanos;

  void add(long nanos) {
    counts[(int) Math.min(STEPS, (nanos + STEP_NANOS - 1) / STEP_NANOS)]++;
    total++;
    worstNanos = Math.max(worstNanos, nanos);
  }

  /** The worst, in milliseconds. */
  double worstMillis() {
    return worstNanos / 1e6;
  }

  /** What this share of the reads did not exceed, in milliseconds, rounded up to a tenth. */
  double quantileMillis(double share) {
    long wanted = (long) Math.ceil(share * total);
    long counted = 0;
    for (int i = 0; i < counts.length; i++) {
      counted += counts[i];
      if (counted >= wanted) {
        return i * STEP_NANOS / 1e6;
      }
    }
    return worstMillis();
  }

  /** The share of reads that saw the newest. */
  double freshShare() {
    return total == 0 ? 1 : (double) counts[0] / total;
  }
}
