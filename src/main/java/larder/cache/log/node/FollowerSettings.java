package larder.cache.log.node;

import java.time.Duration;
import larder.cache.log.Source;

/**
 * How a node follows the log.
 *
 * @param maxStaleness the bound: no value is served that is staler
 * @param slots the size of the horizon, a power of two
 * @param relyingOn what a heartbeat must vouch for to count, until the follower is told otherwise
 */
public record FollowerSettings(Duration maxStaleness, int slots, Source relyingOn) {

  /** The size of a horizon that fits a large application: 8 MB. */
  public static final int DEFAULT_SLOTS = 1 << 20;

  /** Polls kept as evidence within one bound; one per 10 ms for a bound of 2 s. */
  static final int POLLS_PER_BOUND = 200;

  /** Rejects a bound too short to be kept. */
  public FollowerSettings {
    if (maxStaleness.toNanos() < POLLS_PER_BOUND) {
      throw new IllegalArgumentException(
          "The maximum staleness must be positive, was: " + maxStaleness);
    }
  }

  long boundNanos() {
    return maxStaleness.toNanos();
  }
}
