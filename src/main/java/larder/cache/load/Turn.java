package larder.cache.load;

import org.jspecify.annotations.Nullable;

/**
 * The outcome of asking among nodes: a value that one has loaded, or the turn to load it; neither
 * while another node has that.
 *
 * @param found the value; null if there is none
 * @param lock the lock of the key; null if it is not held
 */
public record Turn(@Nullable Loaded found, KeyLocks.@Nullable Lock lock) {

  /** Neither a value nor a lock. */
  static final Turn NONE = new Turn(null, null);

  /** Returns the turn of who has a value, and so needs no lock. */
  static Turn found(Loaded value) {
    return new Turn(value, null);
  }

  boolean isNone() {
    return found == null && lock == null;
  }
}
