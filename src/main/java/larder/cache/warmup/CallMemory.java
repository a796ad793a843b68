package larder.cache.warmup;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import larder.cache.method.AnnotatedMethods;
import larder.cache.method.UsageSampler;
import larder.cache.policy.PolicyCatalog;
import larder.redis.Keyspace;
import larder.redis.RedisCalls;
import larder.redis.RepeatedTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.SmartLifecycle;

/**
 * What this node remembers of the calls that its caches answer: counted as callers make them, and
 * told to the other nodes from time to time, in a thread of its own, and once more when the
 * application stops. Thread-safe.
 */
public final class CallMemory implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(CallMemory.class);

  private final boolean on;
  private final UsedCalls used;
  private final HotCalls shared;
  private final Supplier<Callees> callees;
  private final LongSupplier nanoClock;
  private final RepeatedTask telling;
  private long spanBeganNanos;
  private volatile int size;

  /**
   * @param nanoClock the monotonic clock
   */
  public CallMemory(
      WarmupProperties settings,
      RedisCalls calls,
      Keyspace keyspace,
      BeanFactory beans,
      AnnotatedMethods methods,
      PolicyCatalog policies,
      LongSupplier nanoClock) {
    this(
        settings,
        new HotCalls(calls, keyspace, settings.keys()),
        () -> Callees.of(beans, methods, policies),
        nanoClock);
  }

  CallMemory(
      WarmupProperties settings,
      HotCalls shared,
      Supplier<Callees> callees,
      LongSupplier nanoClock) {
    this.on = settings.isOn();
    this.used = new UsedCalls(settings.keys(), settings.oneIn());
    this.shared = shared;
    this.callees = callees;
    this.nanoClock = nanoClock;
    this.telling = new RepeatedTask("larder-usage", this::tell, settings::interval);
    this.spanBeganNanos = nanoClock.getAsLong();
  }

  /** Returns what takes note of calls. */
  public UsageSampler sampler() {
    return on ? used : UsageSampler.NONE;
  }

  /** Returns how many calls this node has counted, as of when it told of them last. */
  public int size() {
    return size;
  }

  /** Returns the methods whose calls can be remembered now. */
  Callees callees() {
    return callees.get();
  }

  /** Returns the hottest calls of a cache, as {@link HotCalls#hottest} does. */
  @Nullable Map<String, Double> hottest(String cache) {
    return shared.hottest(cache);
  }

  /** Tells what was used until now; what Redis does not take is told the next time. */
  public synchronized void tell() {
    long now = nanoClock.getAsLong();
    double halfLives = (double) (now - spanBeganNanos) / HotCalls.HALF_LIFE.toNanos();
    spanBeganNanos = now;
    used.endSpan(Math.pow(2, -halfLives));
    Map<String, Map<String, Double>> counts = new TreeMap<>();
    Callees known = callees.get();
    int[] counted = {0};
    used.forEach(
        method -> {
          Callee callee = known.called(method.proxy(), method.method());
          if (callee == null) {
            method.uses().forget();
          } else {
            counted[0] += method.uses().size();
            Map<String, Double> hottest =
                method.uses().hottest(arguments -> known.write(callee, arguments));
            callee
                .caches()
                .forEach(
                    cache -> counts.computeIfAbsent(cache, any -> new TreeMap<>()).putAll(hottest));
          }
        });
    size = counted[0];
    counts.forEach(shared::tell);
  }

  @Override
  public void start() {
    if (on) {
      telling.start();
    }
  }

  @Override
  public void stop() {
    telling.stop();
    try {
      tell();
    } catch (RuntimeException e) {
      log.debug("What was used last is not told", e);
    }
  }

  @Override
  public boolean isRunning() {
    return telling.isRunning();
  }

  /** Before the way to Redis is closed. */
  @Override
  public int getPhase() {
    return Integer.MIN_VALUE + 1;
  }
}
