package larder.cache.load;

import java.util.concurrent.CompletionStage;
import larder.cache.log.Position;
import org.jspecify.annotations.Nullable;

/**
 * Locks among all nodes that keep them from loading the same key at the same time.
 *
 * <p>They are for efficiency only: who gets none loads all the same, after a bounded wait.
 */
public interface KeyLocks {

  /** Locks nothing: everybody is the owner at once. */
  KeyLocks NONE = key -> after -> {};

  /** Returns the lock of a key; null if another node has it. Never throws. */
  @Nullable Lock tryAcquire(String key);

  /** Whether the entry of a key can be looked at and its lock be taken in one step now. */
  default boolean canClaim(String key) {
    return false;
  }

  /**
   * Looks at the entry of a key and, if it is of no use, takes the key's lock in the same step; to
   * be asked only {@linkplain #canClaim if that can be done}. Never throws.
   *
   * @param cache the name of the cache
   * @param oldest an entry as of an earlier position is of no use
   */
  default Claim claim(String cache, String key, Position oldest) {
    return new Claim(null, State.ABSENT, tryAcquire(key));
  }

  /** What stands where the entry of a key should be. */
  enum State {
    /** An entry to be judged. */
    PRESENT,
    /** Nothing. */
    ABSENT,
    /** An entry from before the oldest that is of use. */
    OLDER,
    /** An entry of an earlier history of the log. */
    FORMER,
    /** No entry. */
    UNREADABLE,
    /** Not known: nobody has answered. */
    UNKNOWN
  }

  /**
   * What was found under a key.
   *
   * @param entry its bytes; null unless it is present
   * @param lock the key's lock; null if there is an entry, or another node has the lock
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Claim(byte @Nullable [] entry, State state, @Nullable Lock lock) {}

  /** A lock that is held. It ends by itself after a while. */
  interface Lock {

    /**
     * Gives the lock back when the value has arrived where others find it; does nothing if it has
     * been given back together with the value.
     */
    void releaseAfter(CompletionStage<?> stored);
  }
}
