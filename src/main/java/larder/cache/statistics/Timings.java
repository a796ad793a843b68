package larder.cache.statistics;

/**
 * Hears how long took what happens behind the callers' backs.
 *
 * <p>Called in any thread; be quick and throw nothing. What a caller waits for is among the {@link
 * Observations}.
 */
public interface Timings {

  /** Hears nothing. */
  Timings NO_OP = new Timings() {};

  /** Redis has answered a {@code SET} of an entry, or has not in time. */
  default void remoteSet(long nanos) {}

  /** This node's reader of the log has met a record that this node had begun to append. */
  default void delivered(long nanos) {}
}
