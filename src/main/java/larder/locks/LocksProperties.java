package larder.locks;

import java.time.Duration;
import larder.redis.Setting;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of locks.
 *
 * @param lease how long a lock outlives an owner that died, where nothing else is said
 * @param poll how often somebody who waits for a lock asks again
 */
@ConfigurationProperties("larder.locks")
public record LocksProperties(
    @DefaultValue("30s") Duration lease, @DefaultValue("100ms") Duration poll) {

  public LocksProperties {
    Setting.check("larder.locks.lease", lease.toMillis() > 0, lease, "at least 1ms");
    Setting.check(
        "larder.locks.poll",
        poll.toMillis() > 0 && poll.compareTo(Duration.ofSeconds(1)) <= 0,
        poll,
        "1ms to 1s");
  }
}
