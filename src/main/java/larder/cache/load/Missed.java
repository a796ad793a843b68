package larder.cache.load;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import larder.cache.log.Tags;
import larder.cache.statistics.CacheStatistics;
import org.jspecify.annotations.Nullable;

/** A lookup that found nothing, and what can be done for its key. */
public interface Missed {

  /** Returns the key, the same for equal keys of one cache and of no other. */
  String key();

  /** Returns the key together with the type of its value: who agrees in it may share a load. */
  String flight();

  /** Returns the name of its cache. */
  String cache();

  /** Returns the statistics of its cache. */
  CacheStatistics statistics();

  /** Returns the tags that a value of the key carries in any case. */
  Tags tags();

  /**
   * Returns how long a value that is loaded now lives at least, in nanoseconds; {@link Loaded#OPEN}
   * if that is not known.
   *
   * @param found false for a "not found" answer
   */
  default long lifeNanos(boolean found) {
    return Loaded.OPEN;
  }

  /** Whether the annotation may still refuse the value that was loaded. */
  boolean mayBeRefused();

  /**
   * Keeps a loaded value in the caches.
   *
   * @param lock what the loader holds of the key, which may be given back together with the
   *     storing; null if it holds nothing
   * @return completes when other nodes can find it, or will not
   */
  CompletionStage<?> store(Loaded loaded, KeyLocks.@Nullable Lock lock);

  /**
   * Returns what gives other callers a loaded value: itself if nobody can change it, else copies of
   * what it is now, whatever its own caller does to it later; null if no copies can be made.
   */
  @Nullable Supplier<@Nullable Shared> copies(@Nullable Object value);

  /** Looks once more, since another node may have loaded meanwhile; null if it has not. */
  @Nullable Loaded findRemote();

  /**
   * Whether Redis was not asked yet, since it has hardly anything, and is to be asked by {@link
   * #ask} together with the lock; or not at all, if another caller has the answer.
   */
  default boolean isUnasked() {
    return false;
  }

  /** Ends the lookup of a key for which Redis was not asked yet. */
  default Turn ask(KeyLocks locks) {
    return claim(locks);
  }

  /**
   * Counts the lookup of a key for which Redis was not asked until now, since its caller waits for
   * another's load or needs nothing of Redis any more.
   */
  default void notAsked() {}

  /**
   * Looks once more, as {@link #findRemote}, and takes the lock of the key if there is nothing that
   * may be served.
   */
  default Turn claim(KeyLocks locks) {
    Loaded found = findRemote();
    KeyLocks.Lock lock = found == null ? locks.tryAcquire(key()) : null;
    // what was stored after the look and before the lock was given back
    return new Turn(lock == null ? found : findRemote(), lock);
  }

  /**
   * Returns what another caller of this process has loaded since an instant, and the lookup came
   * too early for; null if there is nothing.
   *
   * @param nanos an instant before the lookup, on the monotonic clock
   */
  @Nullable Loaded findSince(long nanos);

  /** Returns an expired value that may stand in for a load that failed; null if there is none. */
  @Nullable Loaded staleAfter(Throwable failure);

  /**
   * A value for another caller.
   *
   * @param value the value; null for "not found"
   */
  record Shared(@Nullable Object value) {}
}
