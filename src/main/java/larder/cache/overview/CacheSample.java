package larder.cache.overview;

import larder.cache.statistics.CacheStatistics;
import larder.cache.statistics.Miss;

/**
 * The counts of one cache at one moment.
 *
 * @param nanos when, on the monotonic clock
 * @param counts all that happened since the start, as one span
 */
record CacheSample(long nanos, CacheStep counts) {

  static CacheSample of(long nanos, CacheStatistics statistics) {
    long database = 0;
    for (Miss reason : Miss.values()) {
      database += statistics.misses(reason);
    }
    return new CacheSample(
        nanos,
        new CacheStep(
            0,
            statistics.nearHits(),
            statistics.remoteHits(),
            statistics.staleHits(),
            database,
            statistics.loads(),
            statistics.loadNanos(),
            statistics.stores(),
            statistics.storedBytes(),
            statistics.nearEntries(),
            statistics.nearBytes()));
  }

  /** Returns what happened since an earlier sample. */
  CacheStep since(CacheSample earlier) {
    CacheStep before = earlier.counts;
    return new CacheStep(
        nanos - earlier.nanos,
        counts.near() - before.near(),
        counts.remote() - before.remote(),
        counts.stale() - before.stale(),
        counts.database() - before.database(),
        counts.loads() - before.loads(),
        counts.loadNanos() - before.loadNanos(),
        counts.stores() - before.stores(),
        counts.storedBytes() - before.storedBytes(),
        counts.entries(),
        counts.bytes());
  }
}
