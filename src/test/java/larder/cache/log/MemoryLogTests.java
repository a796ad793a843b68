package larder.cache.log;

import java.time.Duration;
import java.util.List;

class MemoryLogTests extends InvalidationLogContractTests {

  /** The log that is asked, on whichever server. */
  private static final class MovingLog implements InvalidationLog {
    private MemoryLog server = new MemoryLog(1, () -> 1_000, () -> 5, KEPT);

    @Override
    public Appended append(Position seen, LogRecord record) {
      return server.append(seen, record);
    }

    @Override
    public Appended heartbeat(Position seen, LogRecord.Heartbeat heartbeat) {
      return server.heartbeat(seen, heartbeat);
    }

    @Override
    public Polled poll(Position cursor, int limit) {
      return server.poll(cursor, limit);
    }

    @Override
    public List<LogEntry> await(Position position, int limit, Duration longest) {
      return server.await(position, limit, longest);
    }
  }

  private final MovingLog log = new MovingLog();

  @Override
  InvalidationLog emptyLog() {
    return log;
  }

  @Override
  void wipe() {
    log.server.wipe();
  }

  @Override
  void loseCounter() {
    log.server.loseCounter();
  }

  @Override
  void loseRecords() {
    log.server.loseRecords();
  }

  @Override
  void promote() {
    log.server = log.server.snapshot().into(new MemoryLog(2, () -> 900, () -> 3, KEPT));
  }
}
