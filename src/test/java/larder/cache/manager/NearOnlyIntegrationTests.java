package larder.cache.manager;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import larder.dev.servers.Loopback;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;

/**
 * A node that has never met a Redis: it keeps what it loads itself, for at most the bound.
 *
 * <p>A put is an evict here: without a log nobody can tell whether something changed between the
 * reading that it was made of and the put.
 */
class NearOnlyIntegrationTests extends CacheContract {

  private static final Layer LAYER =
      new Layer(
          "redis://127.0.0.1:" + Loopback.freePort(),
          "near-only",
          Map.of("larder.max-staleness", "30s", "larder.remote.connect-wait", "50ms"));

  @AfterAll
  static void close() {
    LAYER.close();
  }

  @Override
  protected CacheManager manager() {
    return LAYER.manager;
  }

  @Override
  protected boolean keepsPuts() {
    return false;
  }

  @Test
  void isNotCurrentAndKnowsNoHistory() {
    assertThat(LAYER.service.isCurrent()).isFalse();
    assertThat(LAYER.follower.position().epoch()).isZero();
  }

  /** The bound holds for own loads too, since nobody tells of changes elsewhere. */
  @Test
  void anOwnLoadIsKeptForTheBoundAndNoLonger() {
    try (Layer hasty =
        new Layer(
            "redis://127.0.0.1:" + Loopback.freePort(),
            "near-only",
            Map.of("larder.max-staleness", "200ms", "larder.remote.connect-wait", "50ms"))) {
      Cache cache = hasty.manager.getCache("bounded");
      long began = System.nanoTime();
      cache.get("k", () -> "v");
      while (cache.get("k") != null) {
        Thread.onSpinWait();
      }
      assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(200_000_000);
      assertThat(cache.get("k", () -> "w")).isEqualTo("w");
    }
  }
}
