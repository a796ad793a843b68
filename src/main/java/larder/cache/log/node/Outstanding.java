package larder.cache.log.node;

import larder.cache.log.LogRecord;

/**
 * A change of this node that is not known to stand in the log.
 *
 * @param record what tells of it
 * @param committedNanos when it was known to be visible
 */
public record Outstanding(LogRecord record, long committedNanos) {}
