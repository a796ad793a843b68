package larder.cache.outbox;

import org.jspecify.annotations.Nullable;

/**
 * How a node's relay stands.
 *
 * @param level whether there is an outbox to relay
 * @param trouble why the last turn came to nothing, in a few words; null if it did its work
 */
public record RelayState(Level level, @Nullable String trouble) {

  /** What the bound rests on. */
  public enum Level {
    /** The database was not asked yet. */
    UNDECIDED,
    /** The log alone. */
    LOG,
    /** The outbox of a database. */
    OUTBOX
  }
}
