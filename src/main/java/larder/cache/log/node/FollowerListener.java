package larder.cache.log.node;

import larder.cache.log.LogRecord;
import larder.cache.log.Position;

/**
 * Hears what a node applies, and what it loses sight of. Called by the applier, under its lock: be
 * quick.
 *
 * <p>Values need not be removed for the promise's sake, since each is judged when it is served;
 * they are removed to free memory.
 */
public interface FollowerListener {

  /** Hears nothing. */
  FollowerListener NO_OP = new FollowerListener() {};

  /** The node follows another history from now on, and stands at {@code position} in it. */
  default void newHistory(Position position) {}

  /** Records between {@code from} and {@code to} are gone before the node has read them. */
  default void gap(Position from, Position to) {}

  /**
   * A record that is no heartbeat was applied.
   *
   * @param replayed whether the node has not been current in this history so far, so that the
   *     record may be from long before
   */
  default void applied(Position at, LogRecord record, boolean replayed) {}
}
