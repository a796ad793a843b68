package larder.locks;

/**
 * Where fencing numbers begin when Redis has lost, or may have lost, what it knew of them.
 *
 * <p>Asked once in each life of a Redis server. Called by any thread.
 */
public interface FenceEpochs {

  /**
   * Returns a number that is higher than all that were returned before, to any node, and less than
   * 2^33.
   *
   * @throws RuntimeException if there is none to be had; no lock is taken then
   */
  Epoch next();

  /**
   * A beginning.
   *
   * @param number positive
   * @param first whether there was none before it, so that nobody can own a lock
   */
  record Epoch(long number, boolean first) {}
}
