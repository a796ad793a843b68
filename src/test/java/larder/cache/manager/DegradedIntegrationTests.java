package larder.cache.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import larder.cache.log.Appended;
import larder.cache.log.InvalidationLog;
import larder.cache.log.LogEntry;
import larder.cache.log.LogRecord;
import larder.cache.log.LogRecord.Heartbeat;
import larder.cache.log.Polled;
import larder.cache.log.Position;
import larder.dev.servers.TestServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;

/**
 * A node whose Redis answers and whose log beats no longer, so that it cannot prove itself current:
 * it keeps what it has loaded and put itself, for at most the bound, and nothing of others.
 */
class DegradedIntegrationTests extends CacheContract {

  private static final Layer LAYER = open("30s");

  private static Layer open(String bound) {
    return new Layer(
        TestServers.redis().url(),
        "degraded",
        Map.of("larder.max-staleness", bound),
        WithoutHeartbeats::new);
  }

  @BeforeAll
  static void standsInTheLog() {
    LAYER.service.append(larder.cache.log.Tags.NONE);
    LAYER.awaitLog();
  }

  @AfterAll
  static void close() {
    LAYER.close();
  }

  @Override
  protected CacheManager manager() {
    return LAYER.manager;
  }

  @Test
  void isNotCurrent() {
    assertThat(LAYER.service.isCurrent()).isFalse();
  }

  @Test
  void nothingOfAnotherNodeIsServed() {
    try (Layer other = open("30s").awaitLog()) {
      Cache theirs = other.manager.getCache("theirs");
      theirs.get("k", () -> "v");
      await().until(() -> !TestServers.redis().command("KEYS", "degraded:theirs:*").isEmpty());

      Cache mine = LAYER.manager.getCache("theirs");
      mine.put("first of its type", "w");
      assertThat(mine.get("k")).isNull();
      assertThat(theirs.get("k")).isNotNull();
    }
  }

  @Test
  void anotherNodesEvictIsHeardAllTheSame() {
    Cache mine = LAYER.manager.getCache("heard");
    mine.get("k", () -> "v");
    try (Layer other = open("30s").awaitLog()) {
      assertThat(mine.get("k")).isNotNull();
      other.manager.getCache("heard").evict("k");
      await().atMost(Duration.ofSeconds(10)).until(() -> mine.get("k") == null);
    }
  }

  @Test
  void whatWasLoadedIsKeptForTheBoundAndNoLonger() {
    try (Layer hasty = open("300ms").awaitLog()) {
      Cache cache = hasty.manager.getCache("bounded");
      long began = System.nanoTime();
      cache.get("k", () -> "v");
      while (cache.get("k") != null) {
        Thread.onSpinWait();
      }
      assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(300_000_000);
    }
  }

  /** The log as it is while nobody vouches for it. */
  private record WithoutHeartbeats(InvalidationLog log) implements InvalidationLog {

    @Override
    public Appended append(Position seen, LogRecord record) {
      return log.append(seen, record);
    }

    @Override
    public Appended heartbeat(Position seen, Heartbeat heartbeat) {
      throw new IllegalStateException("nobody beats");
    }

    @Override
    public Polled poll(Position cursor, int limit) {
      return log.poll(cursor, limit);
    }

    @Override
    public List<LogEntry> await(Position position, int limit, Duration longest) {
      return log.await(position, limit, longest);
    }
  }
}
