package larder.simulation;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import larder.cache.log.MemoryLog;
import org.jspecify.annotations.Nullable;

/** One server of the shared store: the log, the remote values, and its troubles. */
final class SimulatedServer {

  private static final int REPLICA_LAG = 9;

  private record Snapshot(MemoryLog.Promotion log, Map<Integer, Value> values) {}

  private final Scheduler scheduler;
  private final boolean replicated;
  private final MemoryLog log;
  private final Map<Integer, Value> values = new HashMap<>();
  private final ArrayDeque<Snapshot> replica = new ArrayDeque<>();
  private long hungUntil;
  private boolean dead;

  SimulatedServer(Scheduler scheduler, boolean replicated, MemoryLog log) {
    this.scheduler = scheduler;
    this.replicated = replicated;
    this.log = log;
  }

  MemoryLog log() {
    return log;
  }

  boolean isDead() {
    return dead;
  }

  void die() {
    dead = true;
  }

  void hang(long duration) {
    hungUntil = scheduler.now() + duration;
  }

  long hungFor() {
    return Math.max(0, hungUntil - scheduler.now());
  }

  void wipe() {
    log.wipe();
    values.clear();
  }

  @Nullable Value get(int key) {
    return values.get(key);
  }

  void set(Value value) {
    values.put(value.key(), value);
  }

  /** Remembers the state before a write, for a replica that lags. */
  <R> R write(Supplier<R> operation) {
    if (replicated) {
      replica.addLast(new Snapshot(log.snapshot(), new HashMap<>(values)));
      if (replica.size() > REPLICA_LAG) {
        replica.removeFirst();
      }
    }
    return operation.get();
  }

  /** A replica of this server, promoted without its last {@code lost} writes. */
  SimulatedServer promote(int lost, MemoryLog fresh) {
    Snapshot state = new Snapshot(log.snapshot(), values);
    for (int i = 0; i < lost && !replica.isEmpty(); i++) {
      state = replica.removeLast();
    }
    SimulatedServer promoted = new SimulatedServer(scheduler, replicated, state.log.into(fresh));
    promoted.values.putAll(state.values);
    return promoted;
  }
}
