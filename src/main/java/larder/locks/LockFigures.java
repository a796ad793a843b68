package larder.locks;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What this node has counted of one kind of lock. Thread-safe. */
public final class LockFigures {

  private final String name;
  private final AtomicInteger held = new AtomicInteger();
  private final LongAdder taken = new LongAdder();
  private final LongAdder busy = new LongAdder();
  private final LongAdder away = new LongAdder();
  private final LongAdder lost = new LongAdder();
  private volatile @Nullable Run last;

  /**
   * An ownership that has ended.
   *
   * @param since when it began, by Redis's clock
   * @param number its fencing number
   * @param took how long it lasted
   */
  public record Run(Instant since, long number, Duration took) {}

  LockFigures(String name) {
    this.name = name;
  }

  void taken() {
    taken.increment();
    held.incrementAndGet();
  }

  void refused(Attempt.Refused refused) {
    (refused.away() ? away : busy).increment();
  }

  void lost() {
    lost.increment();
  }

  void ended(Instant since, long number, Duration took) {
    held.decrementAndGet();
    last = new Run(since, number, took);
  }

  public String name() {
    return name;
  }

  /** Returns how many this node holds now. */
  public int holding() {
    return held.get();
  }

  /** Returns how often a lock was taken. */
  public long takenCount() {
    return taken.sum();
  }

  /** Returns how often one was not to be had, since another had it. */
  public long busyCount() {
    return busy.sum();
  }

  /** Returns how often one was not to be had, since Redis did not answer. */
  public long awayCount() {
    return away.sum();
  }

  /** Returns how often one was lost before it was given back. */
  public long lostCount() {
    return lost.sum();
  }

  /** Returns the last ownership of this node that has ended; null if none has. */
  public @Nullable Run last() {
    return last;
  }
}
