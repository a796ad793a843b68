package larder.cache.value;

import larder.cache.log.Position;
import larder.cache.log.Tags;

/**
 * What an entry tells of its making, besides its value.
 *
 * @param asOf the last record of the log whose change the value is known to contain
 * @param tags what the value depends on
 * @param expiresAtMillis when it expires, on the wall clock, in milliseconds since 1970
 * @param costMicros how long its load took, in microseconds
 */
public record EntryMark(Position asOf, Tags tags, long expiresAtMillis, int costMicros) {

  /** Most tags that an entry carries. */
  public static final int MOST_TAGS = 0xffff;
}
