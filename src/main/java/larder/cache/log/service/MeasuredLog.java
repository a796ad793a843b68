package larder.cache.log.service;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import larder.cache.log.Appended;
import larder.cache.log.InvalidationLog;
import larder.cache.log.LogEntry;
import larder.cache.log.LogRecord;
import larder.cache.log.LogRecord.Heartbeat;
import larder.cache.log.Polled;
import larder.cache.log.Position;
import larder.cache.statistics.Observations;
import larder.cache.statistics.Timings;

/**
 * A log as one node uses it, with the times of its appends and deliveries, and the newest record
 * that the node has heard of. Thread-safe.
 */
public final class MeasuredLog implements InvalidationLog {

  private final InvalidationLog log;
  private final Observations observations;
  private final LongSupplier nanoClock;
  private final Deliveries deliveries;

  /** Written under the lock. */
  private volatile Position newest = Position.NOWHERE;

  /**
   * @param log the log
   * @param observations of appends
   * @param timings of deliveries
   * @param nanoClock the monotonic clock
   */
  public MeasuredLog(
      InvalidationLog log, Observations observations, Timings timings, LongSupplier nanoClock) {
    this.log = log;
    this.observations = observations;
    this.nanoClock = nanoClock;
    this.deliveries = new Deliveries(nanoClock, timings::delivered);
  }

  /** Returns how many records a node that stands at a position is known to be behind. */
  public long lag(Position position) {
    Position end = newest;
    long from = end.epoch() == position.epoch() ? position.n() : 0;
    return end.epoch() < position.epoch() ? 0 : Math.max(0, end.n() - from);
  }

  @Override
  public Appended append(Position seen, LogRecord record) {
    long begun = nanoClock.getAsLong();
    Appended reply =
        Objects.requireNonNull(
            observations.observe(Observations.APPEND, null, () -> log.append(seen, record)));
    heardOf(reply.position());
    deliveries.appended(reply.position(), begun);
    return reply;
  }

  @Override
  public Appended heartbeat(Position seen, Heartbeat heartbeat) {
    Appended reply = log.heartbeat(seen, heartbeat);
    heardOf(reply.position());
    return reply;
  }

  @Override
  public Polled poll(Position cursor, int limit) {
    Polled polled = log.poll(cursor, limit);
    met(polled.entries());
    return polled;
  }

  @Override
  public List<LogEntry> await(Position position, int limit, Duration longest) {
    deliveries.waitsBehind(position);
    List<LogEntry> entries = log.await(position, limit, longest);
    met(entries);
    return entries;
  }

  private void met(List<LogEntry> entries) {
    if (!entries.isEmpty()) {
      heardOf(entries.get(entries.size() - 1).position());
      deliveries.met(entries);
    }
  }

  private synchronized void heardOf(Position position) {
    if (position.compareTo(newest) > 0) {
      newest = position;
    }
  }
}
