package larder.cache.policy;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import larder.cache.Encoding;

/**
 * What holds for one cache.
 *
 * @param cache its name
 * @param ttl time to live of an entry
 * @param notFoundTtl time to live of a "not found" answer; zero keeps none
 * @param jitter share of the time to live by which it is shortened at random
 * @param version version in the key prefix
 * @param enabled whether the cache is used at all
 * @param renewal what becomes of entries towards and after the end of their life
 * @param tracking whether its values depend on what their methods read in the database
 * @param sensitive whether nobody who looks after the cache may see its values
 * @param fields whether the entries of keys of two parts are fields of hashes in Redis
 * @param storing how values stand in Redis
 */
public record Policy(
    String cache,
    Duration ttl,
    Duration notFoundTtl,
    double jitter,
    int version,
    boolean enabled,
    Renewal renewal,
    boolean tracking,
    boolean sensitive,
    boolean fields,
    Storing storing) {

  /**
   * How values stand in Redis.
   *
   * @param encoding how they are written as bytes
   * @param compressAbove a larger encoded value is compressed if that saves enough, in bytes; 0:
   *     none is
   */
  public record Storing(Encoding encoding, long compressAbove) {

    /** What holds if nothing is said. */
    public static final Storing DEFAULT = new Storing(Encoding.COMPACT, 1024);
  }

  /**
   * What becomes of entries towards and after the end of their life.
   *
   * @param maxLife longest life of an entry whose time to live begins anew with each read; zero:
   *     reads do not prolong a life
   * @param earlyRefresh factor of XFetch; 0 switches it off
   * @param staleOnError how long an expired value may be served when its load fails; zero: never
   */
  public record Renewal(Duration maxLife, double earlyRefresh, Duration staleOnError) {

    /** What holds if nothing is said. */
    public static final Renewal DEFAULT = new Renewal(Duration.ZERO, 1, Duration.ZERO);

    /** Whether reads prolong a life. */
    public boolean slides() {
      return !maxLife.isZero();
    }
  }

  private static final Duration SHORTEST = Duration.ofMillis(1);

  /** The longest time to live: some hundred years, which Redis can still count. */
  public static final Duration LONGEST = Duration.ofDays(100_000);

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
    check(cache, renewal, ttl);
    check(
        cache,
        "encoding",
        storing.encoding().isAvailable(),
        storing.encoding(),
        "one whose library is on the class path, as"
            + " tools.jackson.dataformat:jackson-dataformat-smile is that of SMILE");
    check(
        cache,
        "compress-above",
        storing.compressAbove() >= 0,
        storing.compressAbove() + "B",
        "zero or positive");
    check(
        cache,
        "max-life",
        !fields || !renewal.slides(),
        renewal.maxLife(),
        "0s where fields is true, since a read cannot prolong the life of one field alone");
  }

  /** A policy of which nothing more is said. */
  public Policy(
      String cache,
      Duration ttl,
      Duration notFoundTtl,
      double jitter,
      int version,
      boolean enabled) {
    this(
        cache,
        ttl,
        notFoundTtl,
        jitter,
        version,
        enabled,
        Renewal.DEFAULT,
        true,
        false,
        false,
        Storing.DEFAULT);
  }

  private static void check(String cache, Renewal renewal, Duration ttl) {
    Duration life = renewal.maxLife();
    boolean lives = life.isZero() || (life.compareTo(ttl) >= 0 && life.compareTo(LONGEST) <= 0);
    check(cache, "max-life", lives, life, "zero, or at least its ttl");
    double factor = renewal.earlyRefresh();
    check(cache, "early-refresh", factor >= 0 && factor <= 100, factor, "from 0 to 100");
    Duration stale = renewal.staleOnError();
    boolean bounded = !stale.isNegative() && stale.compareTo(LONGEST) <= 0;
    check(cache, "stale-on-error", bounded, stale, "zero or positive");
  }

  /**
   * Returns how long a new entry lives at least.
   *
   * @param found false for a "not found" answer
   */
  public Duration shortestLife(boolean found) {
    return Duration.ofMillis((long) ((found ? ttl : notFoundTtl).toMillis() * (1 - jitter)));
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
