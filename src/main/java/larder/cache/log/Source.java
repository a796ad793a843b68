package larder.cache.log;

/**
 * What a heartbeat vouches for: the log alone, or a database whose outbox was read into it.
 *
 * @param system the database's system identifier; empty for the log alone
 * @param timeline the database's timeline; 0 for the log alone
 */
public record Source(String system, long timeline) {

  /** The log alone: what was appended is known, what was committed is not. */
  public static final Source LOG = new Source("", 0);

  /** A database that is not known yet, so that no heartbeat vouches for it. */
  public static final Source UNKNOWN_DATABASE = new Source("?", 0);

  /** Rejects a source that a record cannot carry. */
  public Source {
    if (timeline < 0 || ShortText.encode(system).length > TransactionId.MAX_ISSUER_BYTES) {
      throw new IllegalArgumentException(
          "A source must have a short name and a timeline from 0, was: " + system + "/" + timeline);
    }
  }

  /** Whether this is the log alone. */
  public boolean isLog() {
    return system.isEmpty();
  }

  /**
   * Whether a heartbeat from this source is worth something to a node that relies on {@code
   * required}. Every heartbeat vouches for the log; only its own for a database.
   */
  public boolean vouchesFor(Source required) {
    return required.isLog() || system.equals(required.system);
  }
}
