package larder.dev;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.pollinterval.IterativePollInterval;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Has the tests of a class that wait for a condition look at once, soon again, and then less and
 * less often: what has happened already costs nothing, and a long wait leaves the processors to
 * those that are waited for. Awaitility itself looks every 100 ms, and first after as long.
 *
 * <p>For classes that mostly wait, and do not take for a condition what was true before the cause
 * of the wait: that Redis is asked, say, when it was killed a moment ago and nobody knows.
 */
public final class ShortWaits implements BeforeAllCallback, AfterAllCallback {

  private static final Duration FIRST = Duration.ofMillis(5);
  private static final Duration LONGEST = Duration.ofMillis(100);

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultPollDelay(Duration.ZERO);
    Awaitility.setDefaultPollInterval(
        IterativePollInterval.iterative(
            last -> last.compareTo(LONGEST) < 0 ? last.multipliedBy(2) : LONGEST, FIRST));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    Awaitility.reset();
  }
}
