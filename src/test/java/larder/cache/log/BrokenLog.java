package larder.cache.log;

import java.util.function.LongSupplier;
import larder.cache.log.LogRecord.Heartbeat;

/** Logs that break one rule each. */
public final class BrokenLog {

  private BrokenLog() {}

  /** A log that begins again in the same epoch, as if nothing had been lost. */
  public static MemoryLog trustsWipedState(
      long identity, LongSupplier millis, LongSupplier salts, int kept) {
    return new MemoryLog(identity, millis, salts, kept) {
      @Override
      protected long nextEpoch(long greatest) {
        return 1;
      }
    };
  }

  /** A log that takes heartbeats which were begun in another epoch. */
  public static MemoryLog acceptsAnyHeartbeat(
      long identity, LongSupplier millis, LongSupplier salts, int kept) {
    return new MemoryLog(identity, millis, salts, kept) {
      @Override
      protected boolean accepts(Heartbeat heartbeat) {
        return true;
      }
    };
  }

  /** A log that goes on in the same epoch on a promoted server. */
  public static MemoryLog ignoresPromotion(
      long identity, LongSupplier millis, LongSupplier salts, int kept) {
    return new MemoryLog(identity, millis, salts, kept) {
      @Override
      protected boolean openedElsewhere(long openedBy) {
        return false;
      }
    };
  }

  /** A log that tells histories apart by nothing but the clock and what callers have seen. */
  public static MemoryLog drawsNoSalt(
      long identity, LongSupplier millis, LongSupplier salts, int kept) {
    return new MemoryLog(identity, millis, () -> 0, kept);
  }
}
