package larder.cache.log;

/**
 * A record with its place in the log.
 *
 * @param position where it stands
 * @param record what it says
 */
public record LogEntry(Position position, LogRecord record) {}
