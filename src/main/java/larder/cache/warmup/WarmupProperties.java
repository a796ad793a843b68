package larder.cache.warmup;

import java.time.Duration;
import larder.redis.Setting;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the warm-up.
 *
 * @param keys how many calls are remembered of each cache, those that it answers most; 0 remembers
 *     none and warms nothing
 * @param oneIn of so many hits one is taken note of, on average; every load is
 * @param interval how often a node tells the others, in the background, which calls it answers most
 * @param maxTime longest that a warm-up takes, and so the longest that a start waits for it
 * @param concurrency how many calls are made at a time
 * @param loadsPerSecond most calls in a second that ask the database; those that Redis answers do
 *     not count
 */
@ConfigurationProperties("larder.warmup")
public record WarmupProperties(
    @DefaultValue("500") int keys,
    @DefaultValue("100") int oneIn,
    @DefaultValue("1m") Duration interval,
    @DefaultValue("10s") Duration maxTime,
    @DefaultValue("2") int concurrency,
    @DefaultValue("200") int loadsPerSecond) {

  private static final int MOST_KEYS = 10_000;
  private static final int MOST_THREADS = 64;

  public WarmupProperties {
    Setting.check(
        "larder.warmup.keys", keys >= 0 && keys <= MOST_KEYS, keys, "from 0 to " + MOST_KEYS);
    Setting.check("larder.warmup.one-in", oneIn >= 1, oneIn, "at least 1");
    Setting.check("larder.warmup.interval", interval.toMillis() >= 100, interval, "at least 100ms");
    Setting.check("larder.warmup.max-time", maxTime.toMillis() >= 1, maxTime, "at least 1ms");
    boolean few = concurrency >= 1 && concurrency <= MOST_THREADS;
    Setting.check("larder.warmup.concurrency", few, concurrency, "from 1 to " + MOST_THREADS);
    Setting.check(
        "larder.warmup.loads-per-second", loadsPerSecond >= 1, loadsPerSecond, "at least 1");
  }

  /** Whether anything is remembered and warmed. */
  public boolean isOn() {
    return keys > 0;
  }
}
