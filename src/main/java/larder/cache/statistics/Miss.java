package larder.cache.statistics;

import java.util.Locale;

/** Why a lookup was answered by no entry. */
public enum Miss {
  /** There is none. */
  ABSENT,
  /** Its time to live is over. */
  EXPIRED,
  /** It is loaded again before it expires, since its load is dear. */
  REFRESH,
  /** A change that it does not show has been told. */
  INVALIDATED,
  /** It is from before a part of the log that this node has not seen, or from another history. */
  FLOOR,
  /** This node does not know that it is current, or what the entry depends on is not known. */
  DEGRADED,
  /** Redis does not answer. */
  UNAVAILABLE,
  /** Its bytes cannot be read. */
  UNDECODABLE,
  /** It was written for another type. */
  SCHEMA,
  /** The caller's transaction, or what it has changed in memory, may show something else. */
  TRANSACTION,
  /** The caller has written something that this node has not seen yet. */
  SESSION;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** Returns the reason in lower case, as metrics and pages say it. */
  public String word() {
    return word;
  }
}
