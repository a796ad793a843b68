package larder.locks;

import java.time.Duration;
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
    check("lease", lease.toMillis() > 0, lease, "at least 1ms");
    check(
        "poll",
        poll.toMillis() > 0 && poll.compareTo(Duration.ofSeconds(1)) <= 0,
        poll,
        "1ms to 1s");
  }

  private static void check(String setting, boolean ok, Object value, String rule) {
    if (!ok) {
      throw new IllegalArgumentException(
          "larder.locks.%s must be %s, was: %s".formatted(setting, rule, value));
    }
  }
}
