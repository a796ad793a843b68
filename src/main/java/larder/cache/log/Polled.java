package larder.cache.log;

import java.util.List;

/**
 * The log's answer to a poll.
 *
 * @param entries the records after the cursor, in order
 * @param truncated whether there may have been more than were returned
 */
public record Polled(List<LogEntry> entries, boolean truncated) {

  /** Copies the list. */
  public Polled {
    entries = List.copyOf(entries);
  }
}
