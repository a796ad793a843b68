package larder.cache.outbox;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one statement found in the outbox, as of one snapshot.
 *
 * @param standby whether the server is not the primary, so that it may be behind
 * @param timeline the server's timeline; 0 of a standby
 * @param snapshot the snapshot of the statement, in PostgreSQL's own text
 * @param cursor the snapshot up to which the log had read before; null if that is not known
 * @param rows what the log has not had, by the number of the transaction; empty if there is no
 *     cursor
 * @param complete whether {@code rows} are all; if not, they are very many
 */
record Reading(
    boolean standby,
    long timeline,
    String snapshot,
    @Nullable String cursor,
    Map<Long, OutboxRows> rows,
    boolean complete) {

  /** Whether the only thing to tell the log is that everything may have changed. */
  boolean everything() {
    return cursor == null || !complete || rows.values().stream().anyMatch(OutboxRows::everything);
  }
}
