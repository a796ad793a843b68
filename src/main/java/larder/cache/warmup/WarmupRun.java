package larder.cache.warmup;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import larder.cache.load.Call;
import larder.cache.load.Probe;
import larder.cache.load.Probe.NotServedException;
import larder.cache.manager.DatabaseFailures;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One warm-up, in two passes over the remembered calls, the hottest first.
 *
 * <p>The first has the caches answer what they can, which pulls entries of Redis into the process
 * and runs no method. The second makes the calls that are left, as a caller would, at a bounded
 * rate; so each takes its part in whatever keeps several callers and nodes from loading the same.
 *
 * <p>It ends early when its time is over, the application stops, the node is not current any more
 * (what it loaded would be kept for moments only), or the database is away. A call under way then
 * ends by itself, and nobody waits for it.
 */
final class WarmupRun {

  private static final Logger log = LoggerFactory.getLogger(WarmupRun.class);

  private static final long LOG_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long LOOK_MILLIS = 10;

  /** For a node that has just started to learn that it is current, which is mostly a moment. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  static final String NO_REDIS = "Redis does not answer";
  static final String NOT_CURRENT = "this node does not know that it is current";
  static final String NO_DATABASE = "the database does not answer";
  static final String NO_TIME = "its time is over";
  static final String STOPPED = "the application stops";

  private final @Nullable String cache;
  private final WarmupProperties settings;
  private final CallMemory memory;
  private final BooleanSupplier current;
  private final LongSupplier nanoClock;
  private final Pacer pacer;
  private final long beganNanos;
  private final AtomicInteger found = new AtomicInteger();
  private final AtomicInteger loaded = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final Set<Integer> missing = new ConcurrentSkipListSet<>();
  private volatile List<WarmingThread> threads = List.of();
  private volatile int total;
  private volatile @Nullable String cut;
  private volatile @Nullable Duration took;
  private long saidNanos;

  /**
   * @param cache the cache to be warmed; null for all
   * @param current whether this node may serve what Redis holds, and keep what it loads
   */
  WarmupRun(
      @Nullable String cache,
      WarmupProperties settings,
      CallMemory memory,
      BooleanSupplier current,
      LongSupplier nanoClock) {
    this.cache = cache;
    this.settings = settings;
    this.memory = memory;
    this.current = current;
    this.nanoClock = nanoClock;
    this.pacer = new Pacer(settings.loadsPerSecond(), nanoClock);
    this.beganNanos = nanoClock.getAsLong();
    this.saidNanos = beganNanos;
  }

  /** Runs to its end, in the caller's thread and in some of its own. */
  void run() {
    try {
      List<RememberedCall> calls = remembered();
      total = calls.size();
      if (!calls.isEmpty() && awaitCurrent()) {
        inParallel(calls.size(), index -> find(calls, index));
        List<Integer> order = List.copyOf(missing);
        inParallel(order.size(), place -> load(calls.get(order.get(place))));
      }
    } finally {
      took = elapsed();
      sayEnd();
    }
  }

  /** Ends it early, for the application's sake. */
  void stop() {
    cutFor(STOPPED);
    threads.forEach(Thread::interrupt);
  }

  WarmupProgress progress() {
    Duration whole = took;
    return new WarmupProgress(
        cache,
        whole == null,
        total,
        found.get(),
        loaded.get(),
        failed.get(),
        whole == null ? elapsed() : whole,
        cut);
  }

  private Duration elapsed() {
    return Duration.ofNanos(nanoClock.getAsLong() - beganNanos);
  }

  private void cutFor(String reason) {
    if (cut == null) {
      cut = reason;
    }
  }

  private boolean goesOn() {
    if (elapsed().compareTo(settings.maxTime()) >= 0) {
      cutFor(NO_TIME);
    }
    return cut == null;
  }

  private record Scored(RememberedCall call, double score) {}

  /** Returns the calls of all caches, the hottest first, each once. */
  private List<RememberedCall> remembered() {
    Callees callees = memory.callees();
    Map<String, Scored> hottest = new LinkedHashMap<>();
    boolean unanswered = false;
    for (String name : cache == null ? callees.caches() : Set.of(cache)) {
      Map<String, Double> texts = goesOn() ? memory.hottest(name) : null;
      if (texts == null) {
        unanswered = true;
        continue;
      }
      texts.forEach(
          (text, score) -> {
            RememberedCall call = callees.read(name, text);
            if (call != null) {
              hottest.merge(
                  text, new Scored(call, score), (a, b) -> a.score() >= b.score() ? a : b);
            }
          });
    }
    if (unanswered && hottest.isEmpty()) {
      cutFor(NO_REDIS);
    }
    return hottest.values().stream()
        .sorted(Comparator.comparingDouble(Scored::score).reversed())
        .map(Scored::call)
        .toList();
  }

  private boolean awaitCurrent() {
    while (!current.getAsBoolean()) {
      if (!goesOn() || elapsed().compareTo(PATIENCE) >= 0) {
        cutFor(NOT_CURRENT);
        return false;
      }
      pause(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
    }
    return true;
  }

  private void pause(long nanos) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cutFor(STOPPED);
    }
  }

  /** Has a few threads take the steps in their order, and returns when they have, or it ends. */
  private void inParallel(int steps, IntConsumer step) {
    AtomicInteger next = new AtomicInteger();
    int crew = Math.min(settings.concurrency(), steps);
    CountDownLatch working = new CountDownLatch(crew);
    List<WarmingThread> started = new ArrayList<>();
    for (int i = 1; i <= crew; i++) {
      started.add(
          new WarmingThread(
              () -> {
                try {
                  for (int at = next.getAndIncrement();
                      at < steps && goesOn();
                      at = next.getAndIncrement()) {
                    step.accept(at);
                  }
                } finally {
                  working.countDown();
                }
              },
              i));
    }
    threads = started;
    started.forEach(Thread::start);
    awaitEnd(working);
  }

  private void awaitEnd(CountDownLatch working) {
    try {
      while (!working.await(LOOK_MILLIS, TimeUnit.MILLISECONDS) && goesOn()) {
        sayProgress();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stop();
    }
  }

  /** Has the caches answer a call, or keeps it for the second pass. */
  private void find(List<RememberedCall> calls, int index) {
    Call call = Call.beginProbe(Probe.ofCaches());
    try {
      calls.get(index).make();
      found.incrementAndGet();
    } catch (NotServedException e) {
      missing.add(index);
    } catch (Throwable e) {
      failed(e);
    } finally {
      call.end();
    }
  }

  private void load(RememberedCall remembered) {
    pause(pacer.take());
    if (!current.getAsBoolean()) {
      cutFor(NOT_CURRENT);
    }
    if (!goesOn()) {
      return;
    }
    int loads = 1;
    WarmingThread.takeLoads();
    try {
      remembered.make();
      loads = WarmingThread.takeLoads();
      (loads == 0 ? found : loaded).incrementAndGet();
    } catch (Throwable e) {
      failed(e);
    } finally {
      pacer.settle(loads);
    }
  }

  private void failed(Throwable failure) {
    failed.incrementAndGet();
    log.debug("A remembered call threw", failure);
    if (DatabaseFailures.isOne(failure)) {
      cutFor(NO_DATABASE);
    }
  }

  private void sayProgress() {
    long now = nanoClock.getAsLong();
    if (now - saidNanos >= LOG_NANOS) {
      saidNanos = now;
      WarmupProgress at = progress();
      log.info("Warming {}: {} of {} calls made", what(), at.done(), at.total());
    }
  }

  private void sayEnd() {
    WarmupProgress at = progress();
    if (at.total() == 0) {
      log.debug("Nothing to warm {} with", what());
      return;
    }
    String counts =
        "%d calls in %d ms: %d answered by Redis or this process, %d by the database, %d failed"
            .formatted(at.done(), at.took().toMillis(), at.found(), at.loaded(), at.failed());
    if (at.cut() == null) {
      log.info("Warmed {}: {}", what(), counts);
    } else {
      log.warn("Warmed {} in part, since {}: {}, {} left", what(), at.cut(), counts, at.left());
    }
  }

  private String what() {
    return cache == null ? "all caches" : "cache '" + cache + "'";
  }
}
