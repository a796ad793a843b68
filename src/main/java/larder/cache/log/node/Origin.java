package larder.cache.log.node;

import larder.cache.log.Position;

/**
 * The one point that everything a load reads is at least as new as.
 *
 * <p>It is taken before the transaction begins and before the persistence context opens, because a
 * snapshot or a first-level cache may be older than the load. A moment later is too late: a record
 * applied between the reading and the taking would count as known to a value that never saw it.
 *
 * @param position the last record that the node had applied
 * @param nanos the instant, on the node's monotonic clock
 */
public record Origin(Position position, long nanos) {

  /** The origin of a load that takes part in both. */
  public Origin earlier(Origin other) {
    return new Origin(
        position.compareTo(other.position) <= 0 ? position : other.position,
        nanos - other.nanos <= 0 ? nanos : other.nanos);
  }
}
