package larder.cache.manager;

import larder.cache.CachedCall.Source;
import larder.cache.log.node.ServingRule;
import larder.cache.log.node.Stamp;
import larder.cache.statistics.CacheStatistics;
import org.jspecify.annotations.Nullable;

/**
 * A value that a lookup found and that may be served.
 *
 * @param value the value; null for "not found"
 * @param stamp the value's stamp
 * @param provenNanos the instant up to which it is proven to contain every change
 * @param source where it was found
 * @param expiresNanos when it expires, on the monotonic clock
 */
record Found(
    @Nullable Object value, Stamp stamp, long provenNanos, Source source, long expiresNanos)
    implements Look {

  /** Counts it as a hit. */
  void countIn(CacheStatistics statistics) {
    if (provenNanos == ServingRule.NOT_PROVEN) {
      statistics.staleHit();
    } else if (source == Source.NEAR) {
      statistics.nearHit();
    } else {
      statistics.remoteHit();
    }
  }

  /** Returns the stamp, with the instant up to which the value is proven now. */
  Stamp provenStamp() {
    return new Stamp(
        stamp.asOf(), stamp.tags(), stamp.complete(), stamp.own(), provenNanos, stamp.readNanos());
  }
}
