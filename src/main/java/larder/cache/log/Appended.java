package larder.cache.log;

import java.util.List;

/**
 * The log's answer to an append.
 *
 * @param position where the record stands; where the log ends, if the record was refused
 * @param accepted whether the record was appended; only a heartbeat is ever refused
 * @param since the kept records after the position that the caller named, up to and including its
 *     own, in order, and possibly some before and behind those; empty if the log is in another
 *     epoch than that position, and possibly without its end if they are very many
 */
public record Appended(Position position, boolean accepted, List<LogEntry> since) {

  /** Copies the list. */
  public Appended {
    since = List.copyOf(since);
  }
}
