package larder.cache.policy;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What holds for one cache.
 *
 * @param cache its name
 * @param ttl time to live of an entry
 * @param notFoundTtl time to live of a "not found" answer; zero keeps none
 * @param jitter share of the time to live by which it is shortened at random
 * @param version version in the key prefix
 * @param enabled whether the cache is used at all
 */
public record Policy(
    String cache, Duration ttl, Duration notFoundTtl, double jitter, int version, boolean enabled) {

  private static final Duration SHORTEST = Duration.ofMillis(1);

  /** Some hundred years, which Redis can still count. */
  private static final Duration LONGEST = Duration.ofDays(100_000);

  public Policy {
    check(cache, "ttl", ttl.compareTo(SHORTEST) >= 0, ttl, "at least 1ms");
    check(cache, "ttl", ttl.compareTo(LONGEST) <= 0, ttl, "at most " + LONGEST.toDays() + "d");
    check(cache, "not-found-ttl", !notFoundTtl.isNegative(), notFoundTtl, "zero or positive");
    check(
        cache,
        "not-found-ttl",
        notFoundTtl.compareTo(LONGEST) <= 0,
        notFoundTtl,
        "at most " + LONGEST.toDays() + "d");
    check(cache, "jitter", jitter >= 0 && jitter <= 0.9, jitter, "from 0 to 0.9");
    check(cache, "version", version >= 1, version, "at least 1");
  }

  /**
   * Returns the time to live for one new entry, jitter applied; zero if it is not to be kept.
   *
   * @param found false for a "not found" answer
   */
  public Duration timeToLive(boolean found) {
    long millis = (found ? ttl : notFoundTtl).toMillis();
    long cut = (long) (millis * jitter * ThreadLocalRandom.current().nextDouble());
    return Duration.ofMillis(millis - cut);
  }

  private static void check(String cache, String part, boolean ok, Object value, String rule) {
    if (!ok) {
      throw new InvalidPolicyException(
          "Cache '%s': %s must be %s, was: %s".formatted(cache, part, rule, value),
          "Change %s in larder.caches.%s.%s, in larder.defaults, or in its @CachePolicy."
              .formatted(part, cache, part));
    }
  }
}
