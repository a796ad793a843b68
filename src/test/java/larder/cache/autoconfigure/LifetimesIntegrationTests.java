package larder.cache.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import larder.cache.CachePolicy;
import larder.cache.statistics.CacheStatistics;
import larder.cache.statistics.Miss;
import larder.cache.statistics.Statistics;
import larder.dev.servers.TestServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.DataAccessResourceFailureException;

/** Lives that slide, and values that outlive a database, on a real Redis. */
class LifetimesIntegrationTests {

  static class Weather {

    private final AtomicInteger loads = new AtomicInteger();
    private final AtomicBoolean away = new AtomicBoolean();

    @CachePolicy(ttl = "2s", jitter = 0, maxLife = "5s")
    @Cacheable("sliding")
    public String sliding(String place) {
      return place + loads.incrementAndGet();
    }

    @CachePolicy(ttl = "200ms", jitter = 0, staleOnError = "10m")
    @Cacheable("stale")
    public String stale(String place) {
      loads.incrementAndGet();
      if (away.get()) {
        throw new DataAccessResourceFailureException("no connection");
      }
      return place;
    }

    @CachePolicy(ttl = "300ms", jitter = 0, earlyRefresh = 0)
    @Cacheable("brief")
    public String brief(String place) {
      return place + loads.incrementAndGet();
    }

    @CacheEvict("stale")
    public void changed(String place) {}

    AtomicInteger loads() {
      return loads;
    }

    AtomicBoolean away() {
      return away;
    }
  }

  private static ConfigurableApplicationContext context;
  private static Weather weather;

  @BeforeAll
  static void start() {
    context =
        LayerContext.start(
            TestServers.redis().url(), List.of("spring.application.name=lives"), Weather.class);
    weather = context.getBean(Weather.class);
  }

  @AfterAll
  static void stop() {
    context.close();
  }

  @Test
  void readsProlongASlidingLifeUpToItsEnd() {
    String first = weather.sliding("Oslo");
    long began = System.nanoTime();
    await()
        .pollInterval(Duration.ofMillis(100))
        .atMost(Duration.ofSeconds(30))
        .until(() -> !weather.sliding("Oslo").equals(first));
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofSeconds(4));
  }

  @Test
  void aMissAfterTheEndOfALifeIsToldFromOneOfANewKey() {
    CacheStatistics counts = context.getBean(Statistics.class).of("brief");
    String first = weather.brief("Bern");
    await().until(() -> !weather.brief("Bern").equals(first));
    assertThat(counts.misses(Miss.ABSENT)).isEqualTo(1);
    assertThat(counts.misses(Miss.EXPIRED)).isEqualTo(1);
  }

  @Test
  void anExpiredValueStandsInWhileTheDatabaseIsAway() {
    assertThat(weather.stale("Rome")).isEqualTo("Rome");
    weather.away().set(true);
    try {
      int loads = weather.loads().get();
      await().until(() -> weather.stale("Rome").equals("Rome") && weather.loads().get() > loads);
      int tried = weather.loads().get();
      for (int i = 0; i < 100; i++) {
        assertThat(weather.stale("Rome")).isEqualTo("Rome");
      }
      assertThat(weather.loads().get() - tried).as("loads tried again").isLessThanOrEqualTo(2);

      weather.changed("Rome");
      assertThatThrownBy(() -> weather.stale("Rome"))
          .as("what is known to be invalidated")
          .isInstanceOf(DataAccessResourceFailureException.class);
    } finally {
      weather.away().set(false);
    }
  }
}
