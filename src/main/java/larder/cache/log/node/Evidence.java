package larder.cache.log.node;

/**
 * The polls of the log by which a node knows when a record did not exist yet.
 *
 * <p>A poll that was sent at instant {@code t} and ended at record {@code e}, with nothing cut off,
 * proves that record {@code e + 1} did not exist at {@code t}: records exist in order, and the poll
 * was answered after it was sent. A heartbeat names a record {@code p} that existed before its
 * sender asked the source of changes. So the latest poll that ended below {@code p} was sent before
 * the source was asked, and what changed before that poll stands before the heartbeat.
 *
 * <p>Polls are kept by time and not by number. Kept by number, a node that polls often keeps a span
 * shorter than the interval of heartbeats, and is never current. One poll per {@code spacing} is
 * kept, the first: a later one could be newer evidence by less than the spacing, at the price of a
 * span without bound.
 *
 * <p>Not safe for several threads.
 */
final class Evidence {

  private final long spacingNanos;
  private final long[] sentNanos;
  private final long[] ends;
  private int newest = -1;
  private int count;

  /** Evidence for the last {@code spanNanos}, one poll per {@code spacingNanos}. */
  Evidence(long spacingNanos, long spanNanos) {
    this.spacingNanos = spacingNanos;
    int capacity = (int) (spanNanos / spacingNanos) + 2;
    this.sentNanos = new long[capacity];
    this.ends = new long[capacity];
  }

  /** Notes an untruncated poll. Polls come in the order in which they were sent. */
  void add(long sent, long end) {
    if (count > 0 && sent - sentNanos[newest] < spacingNanos) {
      return;
    }
    newest = (newest + 1) % ends.length;
    sentNanos[newest] = sent;
    ends[newest] = end;
    count = Math.min(count + 1, ends.length);
  }

  /** When the latest poll was sent that ended below record {@code p}; or {@link Horizon#NEVER}. */
  long latestBelow(long p) {
    for (int back = 0; back < count; back++) {
      int i = Math.floorMod(newest - back, ends.length);
      if (ends[i] < p) {
        return sentNanos[i];
      }
    }
    return Horizon.NEVER;
  }

  /** Forgets all polls. */
  void forget() {
    count = 0;
  }
}
