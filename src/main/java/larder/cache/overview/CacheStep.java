package larder.cache.overview;

import java.util.List;

/**
 * What happened to one cache in this process in some span of time.
 *
 * @param nanos how long the span is
 * @param near lookups that an entry in this process answered
 * @param remote lookups that an entry in Redis answered
 * @param stale lookups that an expired entry answered, since the database failed
 * @param database lookups that no entry answered
 * @param loads methods that brought a value
 * @param loadNanos how long they took together
 * @param stores values that were kept
 * @param storedBytes their encoded size together
 * @param entries entries in this process at the end of the span
 * @param bytes their size at the end of the span, as estimated
 */
public record CacheStep(
    long nanos,
    long near,
    long remote,
    long stale,
    long database,
    long loads,
    long loadNanos,
    long stores,
    long storedBytes,
    long entries,
    long bytes) {

  /** Nothing, in no time. */
  public static final CacheStep NOTHING = new CacheStep(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** Returns the spans, which follow each other, as one. */
  public static CacheStep together(List<CacheStep> steps) {
    return steps.stream().reduce(NOTHING, CacheStep::then);
  }

  private CacheStep then(CacheStep next) {
    return new CacheStep(
        nanos + next.nanos,
        near + next.near,
        remote + next.remote,
        stale + next.stale,
        database + next.database,
        loads + next.loads,
        loadNanos + next.loadNanos,
        stores + next.stores,
        storedBytes + next.storedBytes,
        next.entries,
        next.bytes);
  }

  /** Returns how many lookups there were. */
  public long lookups() {
    return near + remote + stale + database;
  }

  /** Returns the share of lookups that an entry answered; not a number if there were none. */
  public double hitRatio() {
    return lookups() == 0 ? Double.NaN : (double) (near + remote + stale) / lookups();
  }

  /** Returns how long a load took on average; not a number if there was none. */
  public double meanLoadNanos() {
    return loads == 0 ? Double.NaN : (double) loadNanos / loads;
  }

  /** Returns the encoded size of a kept value on average; not a number if there was none. */
  public double meanStoredBytes() {
    return stores == 0 ? Double.NaN : (double) storedBytes / stores;
  }
}
