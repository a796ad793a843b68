package larder.cache.outbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import larder.cache.log.Appended;
import larder.cache.log.InvalidationLog;
import larder.cache.log.LogEntry;
import larder.cache.log.LogRecord;
import larder.cache.log.LogRecord.Heartbeat;
import larder.cache.log.MemoryLog;
import larder.cache.log.Polled;
import larder.cache.log.Position;
import org.jspecify.annotations.Nullable;

/** A log in memory that can be wiped, be away, and be met by something just before an append. */
final class TurnedLog implements InvalidationLog {

  private static final AtomicLong SALTS = new AtomicLong();

  private final AtomicLong millis = new AtomicLong(1_000_000);
  private final MemoryLog memory =
      new MemoryLog(1, millis::get, SALTS::incrementAndGet, /* kept= */ 100_000);
  private final List<LogRecord> appended = new ArrayList<>();
  private @Nullable Runnable before;
  private boolean away;

  /** Has something happen once, just before the next append. */
  void before(Runnable event) {
    before = event;
  }

  void setAway(boolean away) {
    this.away = away;
  }

  void wipe() {
    millis.addAndGet(1_000);
    memory.wipe();
    memory.append(Position.NOWHERE, LogRecord.Everything.RECORD);
  }

  /** Returns what was appended and is no heartbeat, since the last call. */
  List<LogRecord> appended() {
    List<LogRecord> all = List.copyOf(appended);
    appended.clear();
    return all;
  }

  @Override
  public Appended append(Position seen, LogRecord record) {
    answer();
    Appended reply = memory.append(seen, record);
    appended.add(record);
    return reply;
  }

  @Override
  public Appended heartbeat(Position seen, Heartbeat heartbeat) {
    answer();
    return memory.heartbeat(seen, heartbeat);
  }

  @Override
  public Polled poll(Position cursor, int limit) {
    return memory.poll(cursor, limit);
  }

  @Override
  public List<LogEntry> await(Position position, int limit, Duration longest) {
    return poll(position, limit).entries();
  }

  private void answer() {
    Runnable event = before;
    before = null;
    if (event != null) {
      event.run();
    }
    if (away) {
      throw new IllegalStateException("the log is away");
    }
  }
}
