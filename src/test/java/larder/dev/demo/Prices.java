package larder.dev.demo;

import java.time.Duration;
import larder.cache.CachePolicy;
import org.springframework.cache.annotation.Cacheable;

/** Broken on purpose: each price expires before anybody asks for it again. */
class Prices {

  private static final Duration SLOW = Duration.ofMillis(20);

  /** A price of a thing, slow to find. */
  record Price(int thing, int cents) {}

  @Cacheable(DemoCaches.TOO_SHORT)
  @CachePolicy(ttl = "500ms")
  public Price of(int thing) {
    try {
      Thread.sleep(SLOW.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return new Price(thing, thing * 99);
  }
}
