package larder.limit;

/** What decides while Redis does not answer. */
public enum WhenAway {

  /**
   * Each node limits by itself, from nothing: over all nodes up to as many times the limit as there
   * are nodes.
   */
  LOCAL,

  /** Every call is let through, and counted. */
  ALLOW
}
