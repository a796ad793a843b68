package larder.limit;

/** What one node knows of one subject of one limit; times in nanoseconds of its own clock. */
interface LocalCount {

  /** Returns a new count of a limit. */
  static LocalCount of(Limit limit) {
    return switch (limit.algorithm()) {
      case FIXED_WINDOW -> new LocalWindow(limit);
      case SLIDING_WINDOW -> new LocalSlices(limit);
      case TOKEN_BUCKET -> new LocalBucket(limit);
    };
  }

  /** Returns how many calls are allowed now. */
  long remaining(long now);

  /** Returns the time until there is room for one more than now. */
  long nextIn(long now);

  /** Counts a call and returns what names it for {@link #giveBack}. */
  long take(long now);

  /** Forgets a call, if it still counts. */
  void giveBack(long stamp);
}
