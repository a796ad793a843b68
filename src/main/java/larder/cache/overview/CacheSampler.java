package larder.cache.overview;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import larder.cache.statistics.CacheStatistics;
import larder.cache.statistics.Statistics;
import larder.redis.RepeatedTask;
import org.springframework.context.SmartLifecycle;

/**
 * Takes the counts of every cache every few seconds and keeps those of the last five minutes.
 *
 * <p>Calls of caches notice nothing of it. Thread-safe.
 */
public final class CacheSampler implements SmartLifecycle {

  /** Time between two samples. */
  static final Duration INTERVAL = Duration.ofSeconds(5);

  /** How many spans between two samples are kept. */
  static final int KEPT = 60;

  private final Statistics statistics;
  private final LongSupplier nanoClock;
  private final long startNanos;
  private final Map<String, CacheHistory> histories = new ConcurrentHashMap<>();
  private final RepeatedTask sampling =
      new RepeatedTask("larder-overview", this::take, () -> INTERVAL);

  public CacheSampler(Statistics statistics, LongSupplier nanoClock) {
    this.statistics = statistics;
    this.nanoClock = nanoClock;
    this.startNanos = nanoClock.getAsLong();
  }

  /** Takes a sample of every cache there is. */
  void take() {
    statistics.all().forEach((cache, counts) -> history(cache).add(sample(counts)));
  }

  /** A cache has counted nothing before it is met, which is a sample's time ago at most. */
  private CacheHistory history(String cache) {
    return histories.computeIfAbsent(
        cache,
        unused -> {
          long now = nanoClock.getAsLong();
          long span = Math.min(now - startNanos, INTERVAL.toNanos());
          return new CacheHistory(KEPT, new CacheSample(now - span, CacheStep.NOTHING));
        });
  }

  private CacheSample sample(CacheStatistics counts) {
    return CacheSample.of(nanoClock.getAsLong(), counts);
  }

  /** Returns what happened to a cache in the last minutes until now, the oldest span first. */
  public List<CacheStep> steps(String cache) {
    return history(cache).stepsUntil(sample(statistics.of(cache)));
  }

  /** Returns all that happened to a cache since the start. */
  public CacheStep total(String cache) {
    return sample(statistics.of(cache)).counts();
  }

  @Override
  public void start() {
    sampling.start();
  }

  @Override
  public void stop() {
    sampling.stop();
  }

  @Override
  public boolean isRunning() {
    return sampling.isRunning();
  }
}
