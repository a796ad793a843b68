package larder.redis;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the way to Redis.
 *
 * @param application first part of every key in Redis; the application's name if not set
 * @param remote how long is waited for Redis
 */
@ConfigurationProperties("larder")
public record RedisProperties(@Nullable String application, @DefaultValue Remote remote) {

  /**
   * How long is waited for Redis.
   *
   * @param deadline longest that a call waits for an answer of Redis
   * @param probeInterval how often Redis is tried again while it does not answer
   * @param connectWait longest that the start of the application waits for the first answer of
   *     Redis; it goes on without
   */
  public record Remote(
      @DefaultValue("40ms") Duration deadline,
      @DefaultValue("250ms") Duration probeInterval,
      @DefaultValue("1s") Duration connectWait) {

    public Remote {
      Setting.check("larder.remote.deadline", deadline.toMillis() > 0, deadline, "at least 1ms");
      Setting.check(
          "larder.remote.probe-interval",
          probeInterval.toMillis() > 0,
          probeInterval,
          "at least 1ms");
      Setting.check(
          "larder.remote.connect-wait", !connectWait.isNegative(), connectWait, "zero or positive");
    }
  }
}
