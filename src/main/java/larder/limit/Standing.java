package larder.limit;

import java.time.Duration;

/**
 * How a subject stands with a limit after a call was decided.
 *
 * @param limit the limit
 * @param key which subject, as its key in Redis; says nothing of the subject itself
 * @param allowed whether this limit has room; the call is refused when one of its limits has not
 * @param remaining calls that are still allowed now; 0 if refused
 * @param nextIn until there is room for one more than now: for a refused call, until it may be
 *     tried again
 * @param decidedBy who has decided
 * @param stamp what the call took, for giving it back
 */
public record Standing(
    Limit limit,
    String key,
    boolean allowed,
    long remaining,
    Duration nextIn,
    DecidedBy decidedBy,
    long stamp) {

  /** Who decides whether there is room. */
  public enum DecidedBy {
    /** Redis, for all nodes. */
    REDIS,
    /** This node by itself: Redis did not answer in time. */
    NODE,
    /** Nobody: Redis did not answer in time, and the limit lets calls through then. */
    NOBODY
  }
}
