package larder.cache.manager;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Locks that let one thread of this process load a key while others wait for what it brings.
 *
 * <p>Waiting is bounded: whoever has waited {@value #PATIENCE_MILLIS} ms loads for himself. So
 * loads that need each other's keys come to an end, and so does waiting for a load that hangs.
 */
final class LoadLocks {

  private static final int STRIPES = 256;
  private static final long PATIENCE_MILLIS = 1_000;

  private final ReentrantLock[] locks =
      Stream.generate(ReentrantLock::new).limit(STRIPES).toArray(ReentrantLock[]::new);

  /** Runs a load when it is the turn of its key, or the wait was in vain. */
  <T extends @Nullable Object> T inTurn(String key, Supplier<T> load) {
    ReentrantLock lock = locks[Math.floorMod(key.hashCode(), STRIPES)];
    boolean locked = await(lock);
    try {
      return load.get();
    } finally {
      if (locked) {
        lock.unlock();
      }
    }
  }

  private static boolean await(ReentrantLock lock) {
    try {
      return lock.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
