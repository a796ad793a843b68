package larder.cache.log.node;

import larder.cache.log.Position;
import larder.cache.log.Tags;

/**
 * What a cached value tells of its own making; all that is needed to judge it.
 *
 * @param asOf the last record whose change the value is known to contain
 * @param tags what the value depends on
 * @param complete whether {@code tags} names everything the value depends on
 * @param own whether this node loaded the value itself
 * @param originNanos the instant of the load's origin; without meaning unless {@code own}
 */
public record Stamp(Position asOf, Tags tags, boolean complete, boolean own, long originNanos) {

  /** The stamp of a value that this node loaded. */
  public static Stamp loaded(Origin origin, Tags tags, boolean complete) {
    return new Stamp(origin.position(), tags, complete, /* own= */ true, origin.nanos());
  }

  /** The stamp of a value that another node loaded, or this one in an earlier life. */
  public static Stamp remote(Position asOf, Tags tags) {
    return new Stamp(asOf, tags, /* complete= */ true, /* own= */ false, /* originNanos= */ 0);
  }

  /** The same value, known to contain one record more. */
  Stamp asOf(Position later) {
    return new Stamp(later, tags, complete, own, originNanos);
  }
}
