package larder.cache.log.node;

import larder.cache.log.Position;

/**
 * What a caller has a right to see, fixed when it comes.
 *
 * @param position the greatest position that the node, or the caller's session, had reached
 * @param nanos the instant
 */
public record Arrival(Position position, long nanos) {}
