package larder.cache.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import larder.dev.servers.TestServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;

/**
 * A node that keeps nothing itself.
 *
 * <p>Values are written to Redis without waiting, so that what was just put or loaded is found a
 * moment later.
 */
class RemoteOnlyIntegrationTests extends CacheContract {

  private static final Layer LAYER =
      new Layer(TestServers.redis().url(), "remote-only", Map.of("larder.near.max-size", "0B"));

  @BeforeAll
  static void current() {
    LAYER.awaitCurrent();
  }

  @AfterAll
  static void close() {
    LAYER.close();
  }

  @Override
  protected CacheManager manager() {
    return LAYER.manager;
  }

  @Override
  protected void settle(Cache settling, Object key) {
    await().atMost(Duration.ofSeconds(10)).until(() -> settling.get(key) != null);
  }

  @Test
  void keepsNothingItself() {
    Cache cache = LAYER.manager.getCache("mine");
    cache.get("k", () -> "v");
    settle(cache, "k");

    assertThat(LAYER.near.size()).isZero();
  }
}
