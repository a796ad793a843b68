package larder.cache.log.service;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import larder.cache.log.LogEntry;
import larder.cache.log.Position;
import org.jspecify.annotations.Nullable;

/**
 * The times between this node's appends and its own reader's meeting with what was appended: how
 * long a change is on its way to a node, by one clock.
 *
 * <p>Reader and answer race, so either may come first. A record that the reader passes over, since
 * the answer has told it already, is not counted. Thread-safe.
 */
final class Deliveries {

  /** More are not waited for, and more that were met are not remembered. */
  private static final int MOST = 64;

  private final LongSupplier nanoClock;
  private final LongConsumer delivered;
  private final Deque<Timed> awaited = new ArrayDeque<>();
  private final Deque<Timed> met = new ArrayDeque<>();

  private record Timed(Position position, long nanos) {}

  /**
   * @param delivered takes each time, in nanoseconds
   */
  Deliveries(LongSupplier nanoClock, LongConsumer delivered) {
    this.nanoClock = nanoClock;
    this.delivered = delivered;
  }

  /** A record of this node stands in the log; to be called before the node applies the answer. */
  synchronized void appended(Position position, long begunNanos) {
    Timed already = take(met, position);
    if (already != null) {
      delivered.accept(already.nanos() - begunNanos);
    } else {
      keep(awaited, new Timed(position, begunNanos));
    }
  }

  /** The reader begins to wait for what is behind a position, and will not meet what is before. */
  synchronized void waitsBehind(Position position) {
    awaited.removeIf(own -> own.position().compareTo(position) <= 0);
  }

  /** The reader has met records. */
  synchronized void met(List<LogEntry> entries) {
    long now = nanoClock.getAsLong();
    for (LogEntry entry : entries) {
      Timed own = take(awaited, entry.position());
      if (own != null) {
        delivered.accept(now - own.nanos());
      } else {
        keep(met, new Timed(entry.position(), now));
      }
    }
  }

  private static @Nullable Timed take(Deque<Timed> from, Position position) {
    for (Iterator<Timed> each = from.iterator(); each.hasNext(); ) {
      Timed timed = each.next();
      if (timed.position().equals(position)) {
        each.remove();
        return timed;
      }
    }
    return null;
  }

  private static void keep(Deque<Timed> in, Timed timed) {
    if (in.size() == MOST) {
      in.removeFirst();
    }
    in.addLast(timed);
  }
}
