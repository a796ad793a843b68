package larder.cache.log.node;

import larder.cache.log.Position;
import larder.cache.log.Tags;

/**
 * What a cached value tells of its own making; all that is needed to judge it.
 *
 * <p>The two instants differ when the load consumed cached values. One is up to when the value is
 * proven: a consumed value hands on the instant of the claim or the origin that proved it. The
 * other is since when it was read from the database, which alone tells whether it contains a change
 * that the log may not have: a claim that vouches for the log says nothing of what was never
 * appended.
 *
 * @param asOf the last record whose change the value is known to contain
 * @param tags what the value depends on
 * @param complete whether {@code tags} names everything the value depends on
 * @param own whether this node loaded the value itself
 * @param originNanos the instant up to which the load is proven; without meaning unless {@code own}
 * @param readNanos the instant after which everything in the value was read from the database;
 *     {@link ServingRule#NOT_PROVEN} if that is not known
 */
public record Stamp(
    Position asOf, Tags tags, boolean complete, boolean own, long originNanos, long readNanos) {

  /** The stamp of a value that this node loaded. */
  public static Stamp loaded(Origin origin, Tags tags, boolean complete) {
    return new Stamp(
        origin.position(), tags, complete, /* own= */ true, origin.nanos(), origin.nanos());
  }

  /** The stamp of a value that another node loaded, or this one in an earlier life. */
  public static Stamp remote(Position asOf, Tags tags) {
    return new Stamp(
        asOf,
        tags,
        /* complete= */ true,
        /* own= */ false,
        ServingRule.NOT_PROVEN,
        ServingRule.NOT_PROVEN);
  }

  /**
   * The stamp of an own load that consumed a cached value. The position stays: the part was checked
   * against every record up to it, under tags that the load takes over.
   *
   * @param provenNanos what {@link ServingRule#provenAt} said of the part, after this load began
   */
  public Stamp consuming(Stamp part, long provenNanos) {
    return new Stamp(
        asOf,
        tags.and(part.tags),
        complete && part.complete,
        own,
        earlier(originNanos, provenNanos),
        earlier(readNanos, part.readNanos));
  }

  private static long earlier(long nanos, long other) {
    if (nanos == ServingRule.NOT_PROVEN || other == ServingRule.NOT_PROVEN) {
      return ServingRule.NOT_PROVEN;
    }
    return nanos - other <= 0 ? nanos : other;
  }

  /** Whether the value was read from the database after this instant. */
  boolean readAfter(long nanos) {
    return readNanos != ServingRule.NOT_PROVEN && readNanos - nanos > 0;
  }

  /** The same value, known to contain one record more. */
  Stamp asOf(Position later) {
    return new Stamp(later, tags, complete, own, originNanos, readNanos);
  }
}
