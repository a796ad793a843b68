package larder.cache.warmup;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WarmupPropertiesTests {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void refusesWhatIsOutOfRange() {
    refuses(-1, 1, MINUTE, MINUTE, 1, 1, "larder.warmup.keys must be from 0 to 10000, was: -1");
    refuses(1, 0, MINUTE, MINUTE, 1, 1, "larder.warmup.one-in must be at least 1, was: 0");
    refuses(
        1,
        1,
        Duration.ofMillis(99),
        MINUTE,
        1,
        1,
        "larder.warmup.interval must be at least 100ms, was: PT0.099S");
    refuses(
        1,
        1,
        MINUTE,
        Duration.ZERO,
        1,
        1,
        "larder.warmup.max-time must be at least 1ms, was: PT0S");
    refuses(1, 1, MINUTE, MINUTE, 65, 1, "larder.warmup.concurrency must be from 1 to 64, was: 65");
    refuses(
        1, 1, MINUTE, MINUTE, 1, 0, "larder.warmup.loads-per-second must be at least 1, was: 0");
  }

  private static void refuses(
      int keys,
      int oneIn,
      Duration interval,
      Duration maxTime,
      int concurrency,
      int loads,
      String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WarmupProperties(keys, oneIn, interval, maxTime, concurrency, loads))
        .withMessage(message);
  }
}
