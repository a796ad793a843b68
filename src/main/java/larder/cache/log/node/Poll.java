package larder.cache.log.node;

import larder.cache.log.Position;

/**
 * A poll on its way to the log.
 *
 * @param cursor the position after which records are asked for
 * @param sentNanos an instant before the command was handed to the client
 * @param number which of the node's polls it is; only the latest proves anything
 */
public record Poll(Position cursor, long sentNanos, long number) {}
