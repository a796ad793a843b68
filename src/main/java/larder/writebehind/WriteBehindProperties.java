package larder.writebehind;

import java.time.Duration;
import larder.redis.Setting;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of write-behind, for all buffers.
 *
 * @param enabled whether annotated methods are called later; if not, at once
 * @param maxLength most writes that wait in a buffer; a full one refuses
 * @param batchSize most writes in one transaction
 * @param interval how often buffers are looked at for what has come
 * @param lease longest that a node may take for a batch; a dead node's work is taken over after it
 * @param attempts how often a batch that fails is tried as a whole, before its parts are
 * @param firstRetry pause before the second attempt; it doubles with each further one
 * @param longestRetry longest pause between two attempts
 * @param drain longest that a stopping node writes what still waits
 */
@ConfigurationProperties("larder.writebehind")
public record WriteBehindProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("100000") int maxLength,
    @DefaultValue("500") int batchSize,
    @DefaultValue("250ms") Duration interval,
    @DefaultValue("15s") Duration lease,
    @DefaultValue("4") int attempts,
    @DefaultValue("100ms") Duration firstRetry,
    @DefaultValue("30s") Duration longestRetry,
    @DefaultValue("5s") Duration drain) {

  private static final int MOST_IN_BATCH = 2_000;
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  public WriteBehindProperties {
    Setting.check(
        "larder.writebehind.max-length",
        maxLength >= Partition.COUNT,
        maxLength,
        "at least " + Partition.COUNT);
    boolean fits = batchSize >= 1 && batchSize <= MOST_IN_BATCH;
    Setting.check("larder.writebehind.batch-size", fits, batchSize, "from 1 to " + MOST_IN_BATCH);
    Setting.check(
        "larder.writebehind.interval", interval.toMillis() >= 1, interval, "at least 1ms");
    Setting.check("larder.writebehind.lease", lease.toMillis() >= 100, lease, "at least 100ms");
    Setting.check("larder.writebehind.attempts", attempts >= 1, attempts, "at least 1");
    Setting.check(
        "larder.writebehind.first-retry", firstRetry.toMillis() >= 1, firstRetry, "at least 1ms");
    boolean longer =
        longestRetry.compareTo(firstRetry) >= 0 && longestRetry.compareTo(LONGEST_PAUSE) <= 0;
    Setting.check(
        "larder.writebehind.longest-retry", longer, longestRetry, "from first-retry to 1h");
    Setting.check("larder.writebehind.drain", !drain.isNegative(), drain, "zero or positive");
  }
}
