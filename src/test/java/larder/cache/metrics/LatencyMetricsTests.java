package larder.cache.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.util.concurrent.TimeUnit;
import larder.cache.statistics.Observations;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LatencyMetricsTests {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final LatencyMetrics metrics = new LatencyMetrics();

  @BeforeEach
  void filter() {
    registry.config().meterFilter(new LatencyMetrics.Buckets());
  }

  private int buckets(Timer timer) {
    return timer.takeSnapshot().histogramCounts().length;
  }

  @Test
  void timesWhatNobodyWaitsFor() {
    metrics.delivered(1);
    metrics.bindTo(registry);
    metrics.delivered(TimeUnit.MILLISECONDS.toNanos(3));
    metrics.remoteSet(TimeUnit.MILLISECONDS.toNanos(2));
    Timer delivery = registry.get("larder.log.delivery").timer();
    assertThat(delivery.count()).as("before it was bound nothing is kept").isEqualTo(1);
    assertThat(delivery.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(3);
    assertThat(buckets(delivery)).isEqualTo(12);
    assertThat(registry.get("larder.remote.set").timer().count()).isEqualTo(1);
  }

  @Test
  void theTimersOfObservationsHaveTheSameBuckets() {
    ObservationRegistry observed = ObservationRegistry.create();
    observed.observationConfig().observationHandler(new DefaultMeterObservationHandler(registry));
    new Observations(observed)
        .<Object, RuntimeException>observe(Observations.REMOTE_GET, "users", () -> null);
    Timer get = registry.get("larder.remote.get").tag("cache", "users").timer();
    assertThat(get.count()).isEqualTo(1);
    assertThat(buckets(get)).isEqualTo(12);
  }

  @Test
  void othersTimersAreLeftAlone() {
    assertThat(buckets(registry.timer("http.server.requests"))).isZero();
  }
}
