package larder.cache.warmup;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Warms caches: makes the calls that are remembered of them, so that this process and Redis hold
 * their values. One warm-up at a time; the application's stop ends it. Thread-safe.
 */
public final class Warmup implements SmartLifecycle {

  /** What became of a call. */
  public enum Outcome {
    /** This process or Redis has answered. */
    FOUND,
    /** The database has answered. */
    LOADED,
    /** It threw. */
    FAILED,
    /** It was not made, since the warm-up ended early. */
    LEFT
  }

  private final WarmupProperties settings;
  private final CallMemory memory;
  private final BooleanSupplier current;
  private final LongSupplier nanoClock;
  private final AtomicReference<@Nullable WarmupRun> latest = new AtomicReference<>();
  private final Map<Outcome, LongAdder> totals = new EnumMap<>(Outcome.class);
  private volatile @Nullable WarmupRun ofAll;
  private volatile boolean running;

  /**
   * @param current whether this node may serve what Redis holds, and keep what it loads
   * @param nanoClock the monotonic clock
   */
  public Warmup(
      WarmupProperties settings,
      CallMemory memory,
      BooleanSupplier current,
      LongSupplier nanoClock) {
    this.settings = settings;
    this.memory = memory;
    this.current = current;
    this.nanoClock = nanoClock;
    for (Outcome outcome : Outcome.values()) {
      totals.put(outcome, new LongAdder());
    }
  }

  /** Whether calls are remembered at all. */
  public boolean isOn() {
    return settings.isOn();
  }

  /** Whether calls of a cache are remembered, of methods known so far. */
  public boolean covers(String cache) {
    return isOn() && memory.callees().caches().contains(cache);
  }

  /**
   * Warms all caches, and returns when that is done or its time is over; at once if nothing is
   * remembered, Redis does not answer, or a warm-up is under way. Throws nothing.
   */
  public void warmAll() {
    WarmupRun run = next(null);
    if (run != null) {
      ofAll = run;
      finish(run);
    }
  }

  /**
   * Begins to warm a cache, in the background.
   *
   * @return false if a warm-up is under way, or nothing is remembered by the settings
   */
  public boolean begin(String cache) {
    WarmupRun run = next(cache);
    if (run == null) {
      return false;
    }
    Thread thread = new Thread(() -> finish(run), "larder-warmup");
    thread.setDaemon(true);
    thread.start();
    return true;
  }

  private @Nullable WarmupRun next(@Nullable String cache) {
    WarmupRun before = latest.get();
    if (!isOn() || !running || (before != null && before.progress().running())) {
      return null;
    }
    WarmupRun run = new WarmupRun(cache, settings, memory, current, nanoClock);
    return latest.compareAndSet(before, run) ? run : null;
  }

  private void finish(WarmupRun run) {
    if (!running) {
      run.stop();
    }
    run.run();
    WarmupProgress end = run.progress();
    count(Outcome.FOUND, end.found());
    count(Outcome.LOADED, end.loaded());
    count(Outcome.FAILED, end.failed());
    count(Outcome.LEFT, end.left());
  }

  private void count(Outcome outcome, int calls) {
    adder(outcome).add(calls);
  }

  private LongAdder adder(Outcome outcome) {
    return Objects.requireNonNull(totals.get(outcome));
  }

  /**
   * Returns the last warm-up of a cache, which may be under way: its own if that was the last of
   * any, else that of all caches; empty if there was none.
   */
  public Optional<WarmupProgress> progress(String cache) {
    return progress()
        .filter(last -> last.isOf(cache))
        .or(() -> Optional.ofNullable(ofAll).map(WarmupRun::progress));
  }

  /** Returns the warm-up under way, or else the last one; empty if there was none. */
  public Optional<WarmupProgress> progress() {
    return Optional.ofNullable(latest.get()).map(WarmupRun::progress);
  }

  /** Returns what became of the calls of all warm-ups that have ended. */
  public long total(Outcome outcome) {
    return adder(outcome).sum();
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    WarmupRun run = latest.get();
    if (run != null) {
      run.stop();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
