package larder.benchmarks.nodes;

import java.io.Serializable;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;

/** What two nodes read and one changes: the truth is in memory, so that no database adds to it. */
class Board {

  private final Truth truth;

  Board(Truth truth) {
    this.truth = truth;
  }

  /** A cached value. */
  public record Note(long id, long version) implements Serializable {}

  /** The truth, the same for both nodes. */
  static final class Truth {
    private final AtomicLong version = new AtomicLong();
    private volatile long changedNanos;

    Note note(long id) {
      return new Note(id, version.get());
    }

    void change(long to) {
      version.set(to);
      changedNanos = System.nanoTime();
    }

    /** Returns when it was last changed. */
    long changedNanos() {
      return changedNanos;
    }
  }

  /** Returns the note of an id, from a cache if there is one. */
  @Cacheable(larder.benchmarks.Accounts.CACHE)
  public Note find(long id) {
    return truth.note(id);
  }

  /** Changes the truth, and has the cached note evicted. */
  @CacheEvict(cacheNames = larder.benchmarks.Accounts.CACHE, key = "#id")
  public void change(long id, long version) {
    truth.change(version);
  }
}
