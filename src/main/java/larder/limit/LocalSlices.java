package larder.limit;

/**
 * The calls of a sliding window by tenths of it: never above the limit, and at most a tenth
 * stricter than one that keeps each time.
 */
final class LocalSlices implements LocalCount {

  private static final int SLICES = 10;

  /** The tenths that a window may touch. */
  private static final int TOUCHED = SLICES + 1;

  private final long limit;
  private final long length;
  private final int[] counts = new int[TOUCHED];
  private long newest = Long.MIN_VALUE;

  LocalSlices(Limit limit) {
    this.limit = limit.limit();
    this.length = (limit.window().toNanos() + SLICES - 1) / SLICES;
  }

  private long moveOn(long now) {
    long slice = Math.floorDiv(now, length);
    if (newest == Long.MIN_VALUE) {
      newest = slice;
    }
    for (int i = 0; i < TOUCHED && newest + i < slice; i++) {
      counts[at(slice - i)] = 0;
    }
    newest = Math.max(newest, slice);
    return newest;
  }

  private static int at(long slice) {
    return (int) Math.floorMod(slice, (long) TOUCHED);
  }

  @Override
  public long remaining(long now) {
    moveOn(now);
    long sum = 0;
    for (int count : counts) {
      sum += count;
    }
    return Math.max(limit - sum, 0);
  }

  @Override
  public long nextIn(long now) {
    long slice = moveOn(now) - SLICES;
    while (slice < newest && counts[at(slice)] == 0) {
      slice++;
    }
    return (slice + TOUCHED) * length - now;
  }

  @Override
  public long take(long now) {
    long slice = moveOn(now);
    counts[at(slice)]++;
    return slice;
  }

  @Override
  public void giveBack(long stamp) {
    if (newest - stamp < TOUCHED && counts[at(stamp)] > 0) {
      counts[at(stamp)]--;
    }
  }
}
