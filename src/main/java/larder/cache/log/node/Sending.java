package larder.cache.log.node;

import larder.cache.log.LogRecord;
import larder.cache.log.Position;

/**
 * A record on its way to the log.
 *
 * @param record what is appended
 * @param seen the node's position when it was sent, which the log is to be told
 * @param sentNanos when it was sent
 * @param committedNanos when the change was known to be visible; not after {@code sentNanos}
 */
public record Sending(LogRecord record, Position seen, long sentNanos, long committedNanos) {}
