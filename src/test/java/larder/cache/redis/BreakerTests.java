package larder.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class BreakerTests {

  private final AtomicInteger probes = new AtomicInteger();
  private final AtomicBoolean answers = new AtomicBoolean(true);
  private final Breaker breaker =
      new Breaker(
          this::probe, Duration.ofMillis(100), Executors.newSingleThreadScheduledExecutor());

  @AfterEach
  void close() {
    breaker.close();
  }

  private void probe() {
    probes.incrementAndGet();
    if (!answers.get()) {
      throw new IllegalStateException("No answer");
    }
  }

  @Test
  void isOpenUntilAProbeSucceeds() {
    assertThat(breaker.isClosed()).isFalse();
    answers.set(false);
    breaker.start(Duration.ofSeconds(5));
    assertThat(breaker.isClosed()).isFalse();
    answers.set(true);
    await().until(breaker::isClosed);
  }

  @Test
  void opensAtTheFirstFailureAndClosesAgain() {
    breaker.start(Duration.ofSeconds(5));
    assertThat(breaker.isClosed()).isTrue();
    answers.set(false);
    breaker.failed("test");
    assertThat(breaker.isClosed()).isFalse();
    answers.set(true);
    await().until(breaker::isClosed);
  }

  /** A server that answers probes and nothing else: who calls pays seldom and ever more seldom. */
  @Test
  void waitsLongerEachTimeItIsClosedInVain() {
    breaker.start(Duration.ofSeconds(5));
    long began = System.nanoTime();
    for (int failure = 0; failure < 5; failure++) {
      breaker.failed("test");
      await().pollInterval(Duration.ofMillis(2)).until(breaker::isClosed);
    }
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    assertThat(took).isGreaterThan(Duration.ofMillis(100 + 200 + 400 + 800));
    assertThat(probes).hasValue(6);
  }
}
