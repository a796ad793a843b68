package larder.cache.load;

import java.util.concurrent.CompletionStage;
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

  /** A lock that is held. It ends by itself after a while. */
  interface Lock {

    /** Gives the lock back when the value has arrived where others find it. */
    void releaseAfter(CompletionStage<?> stored);
  }
}
