package larder.notice;

import java.time.Duration;
import larder.redis.Setting;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of notices.
 *
 * @param kept about how many notices are kept, in Redis and in each node
 * @param keepFor how long a notice is kept in Redis, at least until the next is appended
 * @param readInterval how often each node reads the stream, to catch up with what publish/subscribe
 *     has lost
 * @param heartbeat how often a silent connection is written to, so that proxies keep it and a dead
 *     one is found
 * @param perPerson most connections of one person on one node
 * @param perNode most connections on one node
 * @param maxAge how long a connection stays before the browser makes it anew, and so shows once
 *     more who it is
 */
@ConfigurationProperties("larder.notice")
public record NoticeProperties(
    @DefaultValue("10000") int kept,
    @DefaultValue("10m") Duration keepFor,
    @DefaultValue("2s") Duration readInterval,
    @DefaultValue("15s") Duration heartbeat,
    @DefaultValue("12") int perPerson,
    @DefaultValue("2000") int perNode,
    @DefaultValue("10m") Duration maxAge) {

  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final int MOST_KEPT = 1_000_000;

  public NoticeProperties {
    Setting.check(
        "larder.notice.kept", kept >= 100 && kept <= MOST_KEPT, kept, "from 100 to 1000000");
    Setting.check(
        "larder.notice.keep-for", isLong(keepFor, Duration.ofSeconds(1)), keepFor, "at least 1s");
    Setting.check(
        "larder.notice.read-interval",
        isLong(readInterval, SHORTEST),
        readInterval,
        "at least 100ms");
    Setting.check(
        "larder.notice.heartbeat", isLong(heartbeat, SHORTEST), heartbeat, "at least 100ms");
    Setting.check("larder.notice.per-person", perPerson >= 1, perPerson, "at least 1");
    Setting.check("larder.notice.per-node", perNode >= 1, perNode, "at least 1");
    Setting.check(
        "larder.notice.max-age", isLong(maxAge, Duration.ofSeconds(1)), maxAge, "at least 1s");
  }

  private static boolean isLong(Duration span, Duration least) {
    return span.compareTo(least) >= 0;
  }
}
