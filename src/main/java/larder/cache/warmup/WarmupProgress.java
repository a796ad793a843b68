package larder.cache.warmup;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How far a warm-up is, or how far it came.
 *
 * @param cache the cache that is warmed; null for all
 * @param running whether it goes on
 * @param total how many calls are remembered
 * @param found calls that the process or Redis has answered
 * @param loaded calls that the database has answered
 * @param failed calls that threw; nothing is kept of them
 * @param took time since it began, or until it ended
 * @param cut why it ended before all calls were made; null if it did not
 */
public record WarmupProgress(
    @Nullable String cache,
    boolean running,
    int total,
    int found,
    int loaded,
    int failed,
    Duration took,
    @Nullable String cut) {

  /** Returns how many calls were made. */
  public int done() {
    return found + loaded + failed;
  }

  /** Returns the calls that were not made. */
  public int left() {
    return Math.max(0, total - done());
  }

  /** Whether it warms a cache, alone or among others. */
  public boolean isOf(String name) {
    return cache == null || cache.equals(name);
  }
}
