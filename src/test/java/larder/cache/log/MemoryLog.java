package larder.cache.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import larder.cache.log.LogRecord.Everything;
import larder.cache.log.LogRecord.Heartbeat;

/**
 * The log in memory, on one simulated server.
 *
 * <p>A server has an identity, as a Redis master has its replication id. {@link #snapshot} gives
 * the log as another server would continue it from a copy of the state.
 */
public class MemoryLog implements InvalidationLog {

  private static final int TICK_MILLIS = 256;
  private static final int SALTS = 1 << 18;

  private final long identity;
  private final LongSupplier millis;
  private final LongSupplier salts;
  private final int kept;
  private State state = new State();

  /** What a replica copies. */
  private static final class State {
    private long epoch;
    private long counter;
    private long openedBy;
    private final Map<String, Long> timelines = new HashMap<>();
    private final List<LogEntry> entries = new ArrayList<>();

    State copy() {
      State copy = new State();
      copy.epoch = epoch;
      copy.counter = counter;
      copy.openedBy = openedBy;
      copy.timelines.putAll(timelines);
      copy.entries.addAll(entries);
      return copy;
    }
  }

  /**
   * An empty log.
   *
   * @param identity the server's, positive
   * @param millis the server's clock
   * @param salts draws numbers from 0 to below 2^18
   * @param kept how many records are kept
   */
  public MemoryLog(long identity, LongSupplier millis, LongSupplier salts, int kept) {
    this.identity = identity;
    this.millis = millis;
    this.salts = salts;
    this.kept = kept;
  }

  /** A function that makes the log of another server out of the present state. */
  public Promotion snapshot() {
    State copy = state.copy();
    return log -> {
      log.state = copy.copy();
      return log;
    };
  }

  /** Gives a log the state that another had. */
  public interface Promotion {

    /** Puts the state into {@code log} and returns it. */
    MemoryLog into(MemoryLog log);
  }

  /** Loses everything. */
  public void wipe() {
    state = new State();
  }

  /** Loses the records and keeps the counter, as an eviction of one key does. */
  public void loseRecords() {
    state.entries.clear();
  }

  /** Loses the counter and keeps the records. */
  public void loseCounter() {
    state.epoch = 0;
    state.counter = 0;
    state.openedBy = 0;
  }

  @Override
  public Appended append(Position seen, LogRecord record) {
    ensureHistory(seen);
    add(record);
    return reply(seen, /* accepted= */ true);
  }

  @Override
  public Appended heartbeat(Position seen, Heartbeat heartbeat) {
    ensureHistory(seen);
    Source source = heartbeat.source();
    long known = state.timelines.getOrDefault(source.system(), source.timeline());
    state.timelines.put(source.system(), Math.max(known, source.timeline()));
    if (source.timeline() > known) {
      open(seen);
    }
    boolean accepted = source.timeline() >= known && accepts(heartbeat);
    if (accepted) {
      add(heartbeat);
    }
    return reply(seen, accepted);
  }

  /** Whether a heartbeat belongs to the present history. */
  protected boolean accepts(Heartbeat heartbeat) {
    return heartbeat.before().epoch() == state.epoch;
  }

  private void ensureHistory(Position seen) {
    boolean behind =
        seen.epoch() > state.epoch || (seen.epoch() == state.epoch && seen.n() > state.counter);
    if (state.epoch == 0 || openedElsewhere(state.openedBy) || behind || endIsLost()) {
      open(seen);
    }
  }

  private boolean endIsLost() {
    return state.entries.isEmpty();
  }

  /** Whether another server opened the present history. */
  protected boolean openedElsewhere(long openedBy) {
    return openedBy != identity;
  }

  private void open(Position seen) {
    long top =
        state.entries.isEmpty()
            ? 0
            : state.entries.get(state.entries.size() - 1).position().epoch();
    long greatest = Math.max(Math.max(seen.epoch(), state.epoch), top);
    state.epoch = nextEpoch(greatest);
    state.counter = 0;
    state.openedBy = identity;
    add(Everything.RECORD);
  }

  /** The epoch of a new history, when none was greater than {@code greatest}. */
  protected long nextEpoch(long greatest) {
    long tick = Math.max(millis.getAsLong() / TICK_MILLIS, greatest / SALTS + 1);
    return tick * SALTS + salts.getAsLong();
  }

  private void add(LogRecord record) {
    state.counter++;
    state.entries.add(new LogEntry(new Position(state.epoch, state.counter), record));
    if (state.entries.size() > kept) {
      state.entries.remove(0);
    }
  }

  private Appended reply(Position seen, boolean accepted) {
    Position end = new Position(state.epoch, state.counter);
    return new Appended(end, accepted, seen.epoch() == end.epoch() ? after(seen, kept) : List.of());
  }

  private List<LogEntry> after(Position cursor, int limit) {
    List<LogEntry> entries = state.entries;
    int from = entries.size();
    while (from > 0 && entries.get(from - 1).position().compareTo(cursor) > 0) {
      from--;
    }
    return entries.subList(from, (int) Math.min(entries.size(), (long) from + limit));
  }

  @Override
  public Polled poll(Position cursor, int limit) {
    List<LogEntry> entries = after(cursor, limit);
    return new Polled(entries, entries.size() >= limit);
  }

  @Override
  public List<LogEntry> await(Position position, int limit, Duration longest) {
    return after(position, limit);
  }
}
