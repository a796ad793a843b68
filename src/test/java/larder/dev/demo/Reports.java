package larder.dev.demo;

import larder.cache.CachePolicy;
import org.springframework.cache.annotation.Cacheable;

/** Broken on purpose: a report has more bytes than a kept value may have. */
class Reports {

  private static final int LETTERS = 1_500_000;

  /** A report of a month. */
  record Report(int month, String text) {}

  @Cacheable(DemoCaches.TOO_LARGE)
  @CachePolicy(ttl = "1m")
  public Report of(int month) {
    return new Report(month, "x".repeat(LETTERS));
  }
}
