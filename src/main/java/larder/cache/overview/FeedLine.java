package larder.cache.overview;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import larder.cache.log.Author.Cause;
import larder.cache.log.Position;
import org.jspecify.annotations.Nullable;

/**
 * One invalidation that this node has applied.
 *
 * @param position where it stands in the log
 * @param when the moment at which this node applied it
 * @param replayed whether it was read again at the start, so that it may be from long before
 * @param kind what it is
 * @param named what it names, in words
 * @param unnamed how many further tags it has whose names this node has not met
 * @param causes what was done; empty if the record does not say
 * @param node the name of the node that told of it; null if the record does not say
 */
public record FeedLine(
    Position position,
    Instant when,
    boolean replayed,
    Kind kind,
    List<String> named,
    int unnamed,
    Set<Cause> causes,
    @Nullable String node) {

  /** What was applied. */
  public enum Kind {
    /** Values that depend on what is named. */
    NAMED,
    /** All values from before. */
    EVERYTHING,
    /** Records were lost before they were read: all values from before. */
    GAP,
    /** The log began anew: all values from before. */
    NEW_HISTORY
  }
}
