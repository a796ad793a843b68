package larder.cache.statistics;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * The counts of one cache in this process since its start.
 *
 * <p>Counting takes no lock and allocates nothing. Thread-safe.
 */
public final class CacheStatistics {

  private final LongAdder nearHits = new LongAdder();
  private final LongAdder remoteHits = new LongAdder();
  private final LongAdder staleHits = new LongAdder();
  private final Map<Miss, LongAdder> misses = new EnumMap<>(Miss.class);
  private final LongAdder loads = new LongAdder();
  private final LongAdder failedLoads = new LongAdder();
  private final LongAdder loadNanos = new LongAdder();
  private final LongAdder joined = new LongAdder();
  private final LongAdder stored = new LongAdder();
  private final LongAdder storedBytes = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder tooLarge = new LongAdder();
  private final LongAdder puts = new LongAdder();
  private final LongAdder evicts = new LongAdder();
  private final LongAdder clears = new LongAdder();
  private final LongAdder nearEntries = new LongAdder();
  private final LongAdder nearBytes = new LongAdder();
  private final LongAdder nearEvictions = new LongAdder();
  private final LongAdder checks = new LongAdder();
  private final LongAdder mismatches = new LongAdder();

  /** Counts of a cache of which nothing has happened yet. */
  public CacheStatistics() {
    for (Miss reason : Miss.values()) {
      misses.put(reason, new LongAdder());
    }
  }

  /** An entry in this process was served. */
  public void nearHit() {
    nearHits.increment();
  }

  /** An entry in Redis was served. */
  public void remoteHit() {
    remoteHits.increment();
  }

  /** An expired entry was served, since the database failed. */
  public void staleHit() {
    staleHits.increment();
  }

  /** No entry was served. */
  public void miss(Miss reason) {
    of(reason).increment();
  }

  /** A method has brought a value. */
  public void loaded(long nanos) {
    loaded(1, nanos);
  }

  /**
   * A method has brought several values.
   *
   * @param nanos how long that took for all of them together
   */
  public void loaded(int count, long nanos) {
    loads.add(count);
    loadNanos.add(nanos);
  }

  /** A method has thrown. */
  public void loadFailed() {
    failedLoads.increment();
  }

  /** A caller has taken the value of another's load. */
  public void joined() {
    joined.increment();
  }

  /** A value was kept. */
  public void stored(int bytes) {
    stored.increment();
    storedBytes.add(bytes);
  }

  /** A value was not kept, since it cannot be encoded or is too large. */
  public void refused(boolean isTooLarge) {
    refused.increment();
    if (isTooLarge) {
      tooLarge.increment();
    }
  }

  /** A value was put in place of another. */
  public void put() {
    puts.increment();
  }

  /** An entry was evicted by its key. */
  public void evict() {
    evicts.increment();
  }

  /** The cache was cleared. */
  public void clear() {
    clears.increment();
  }

  /** An entry of this estimated size is held in this process. */
  public void nearKept(int bytes) {
    nearEntries.increment();
    nearBytes.add(bytes);
  }

  /**
   * An entry of this estimated size is not held in this process any more.
   *
   * @param forRoom whether it was given up for room
   */
  public void nearGone(int bytes, boolean forRoom) {
    nearEntries.decrement();
    nearBytes.add(-bytes);
    if (forRoom) {
      nearEvictions.increment();
    }
  }

  /** A hit was compared with what its method says. */
  public void checked() {
    checks.increment();
  }

  /** A value was served past the bound. */
  public void mismatched() {
    mismatches.increment();
  }

  private LongAdder of(Miss reason) {
    return Objects.requireNonNull(misses.get(reason));
  }

  public long nearHits() {
    return nearHits.sum();
  }

  public long remoteHits() {
    return remoteHits.sum();
  }

  public long staleHits() {
    return staleHits.sum();
  }

  public long misses(Miss reason) {
    return of(reason).sum();
  }

  public long loads() {
    return loads.sum();
  }

  public long failedLoads() {
    return failedLoads.sum();
  }

  /** Returns the time that all loads which brought a value have taken, in nanoseconds. */
  public long loadNanos() {
    return loadNanos.sum();
  }

  public long joins() {
    return joined.sum();
  }

  public long stores() {
    return stored.sum();
  }

  /** Returns the encoded size of all values that were kept. */
  public long storedBytes() {
    return storedBytes.sum();
  }

  public long refusals() {
    return refused.sum();
  }

  /** Returns how many of the {@link #refusals} were for size. */
  public long tooLarge() {
    return tooLarge.sum();
  }

  public long puts() {
    return puts.sum();
  }

  public long evicts() {
    return evicts.sum();
  }

  public long clears() {
    return clears.sum();
  }

  /** Returns how many entries this process holds. */
  public long nearEntries() {
    return nearEntries.sum();
  }

  /** Returns the estimated size of the entries that this process holds. */
  public long nearBytes() {
    return nearBytes.sum();
  }

  /** Returns how many entries this process has given up for room. */
  public long nearEvictions() {
    return nearEvictions.sum();
  }

  /** Returns how many hits were compared with what their methods say. */
  public long checks() {
    return checks.sum();
  }

  /** Returns how many of them were found to be served past the bound. */
  public long mismatches() {
    return mismatches.sum();
  }
}
