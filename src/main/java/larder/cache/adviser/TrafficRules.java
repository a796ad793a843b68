package larder.cache.adviser;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import larder.cache.policy.Policy;
import larder.cache.policy.PolicyCatalog;
import larder.cache.redis.RedisFigures;
import larder.cache.statistics.CacheStatistics;
import larder.cache.statistics.Miss;
import larder.cache.statistics.Statistics;

/**
 * What the lookups of a cache tell, once there are enough: that it spares too little, and why.
 *
 * <p>At most one finding for each cache, the one nearest to the cause. Misses that are none of the
 * cache's doing, such as those while Redis is away or inside of a transaction, do not count.
 */
final class TrafficRules implements Rules {

  private static final long ENOUGH_LOOKUPS = 1_000;
  private static final long ENOUGH_LOADS = 100;
  private static final long ENOUGH_EXPIRED = 100;
  private static final double GOOD_RATIO = 0.8;
  private static final int LONGER = 4;

  private static final Set<Miss> OWN_DOING =
      EnumSet.of(
          Miss.ABSENT, Miss.EXPIRED, Miss.REFRESH, Miss.INVALIDATED, Miss.UNDECODABLE, Miss.SCHEMA);

  private final PolicyCatalog policies;
  private final Statistics statistics;
  private final Supplier<Optional<RedisFigures>> figures;

  /**
   * @param figures the last figures of Redis; empty if nothing recent is known
   */
  TrafficRules(
      PolicyCatalog policies, Statistics statistics, Supplier<Optional<RedisFigures>> figures) {
    this.policies = policies;
    this.statistics = statistics;
    this.figures = figures;
  }

  @Override
  public List<Finding> findings() {
    List<Finding> found = new ArrayList<>();
    statistics
        .all()
        .forEach((cache, counts) -> of(policies.policy(cache), counts).ifPresent(found::add));
    return found;
  }

  private Optional<Finding> of(Policy policy, CacheStatistics counts) {
    long hits = counts.nearHits() + counts.remoteHits();
    long misses = OWN_DOING.stream().mapToLong(counts::misses).sum();
    if (!policy.enabled()) {
      return Optional.empty();
    }
    Optional<Finding> found = Optional.empty();
    if (hits + misses >= ENOUGH_LOOKUPS) {
      found = cheapLoads(policy, counts, hits, misses);
    }
    return found.isPresent() || hits >= GOOD_RATIO * (hits + misses)
        ? found
        : lowRatio(policy, counts, hits, misses);
  }

  /** A lookup in Redis that costs more than a load has to be rare to be worth it. */
  private Optional<Finding> cheapLoads(
      Policy policy, CacheStatistics counts, long hits, long misses) {
    double trip = figures.get().map(RedisFigures::roundTripNanos).orElse(0L);
    double load = counts.loads() == 0 ? 0 : (double) counts.loadNanos() / counts.loads();
    boolean cheap =
        counts.loads() >= ENOUGH_LOADS
            && load < trip
            && trip * (counts.remoteHits() + misses) > load * hits;
    return cheap
        ? Optional.of(
            Rule.CHEAP_LOADS.ofCache(
                policy.cache(),
                "is not worth it: a load takes %s, a lookup in Redis %s (%,d loads, %,d lookups)"
                    .formatted(
                        Amount.micros(load), Amount.micros(trip), counts.loads(), hits + misses),
                "take the @Cacheable away, or larder.caches.%s.enabled=false"
                    .formatted(policy.cache())))
        : Optional.empty();
  }

  private static Optional<Finding> lowRatio(
      Policy policy, CacheStatistics counts, long hits, long misses) {
    long lookups = hits + misses;
    Miss most =
        OWN_DOING.stream().max(Comparator.comparingLong(counts::misses)).orElse(Miss.ABSENT);
    String ratio = Amount.percent(hits, lookups);
    long expired = counts.misses(Miss.EXPIRED);
    if (expired >= ENOUGH_EXPIRED && 2 * expired >= misses) {
      return Optional.of(tooShort(policy, counts, lookups, ratio));
    } else if (lookups < ENOUGH_LOOKUPS) {
      return Optional.empty();
    }
    return Optional.of(
        Rule.LOW_HIT_RATIO.ofCache(
            policy.cache(),
            "answers %s of %,d lookups; most misses (%,d of %,d) are %s"
                .formatted(ratio, lookups, counts.misses(most), misses, meaning(most)),
            remedy(policy.cache(), most)));
  }

  private static Finding tooShort(
      Policy policy, CacheStatistics counts, long lookups, String ratio) {
    Duration longer = policy.ttl().multipliedBy(LONGER);
    return Rule.TTL_SHORT.ofCache(
        policy.cache(),
        "answers %s of %,d lookups: with a ttl of %s, %,d entries had expired before they were"
                .formatted(
                    ratio, lookups, Amount.setting(policy.ttl()), counts.misses(Miss.EXPIRED))
            + " used again",
        "larder.caches.%s.ttl=%s".formatted(policy.cache(), Amount.setting(longer)));
  }

  private static String meaning(Miss miss) {
    return switch (miss) {
      case EXPIRED, REFRESH -> "'" + miss.word() + "', the time of the entry was over";
      case INVALIDATED -> "'invalidated', the data had changed since";
      case UNDECODABLE, SCHEMA -> "'" + miss.word() + "', the entry was not one of this method";
      default -> "'" + miss.word() + "', asked for the first time or given up for room";
    };
  }

  private static String remedy(String cache, Miss miss) {
    return switch (miss) {
      case EXPIRED, REFRESH -> "larder.caches.%s.ttl=... (longer)".formatted(cache);
      case INVALIDATED ->
          "have its method load by id, so that a value depends on rows and not on a whole table, or"
              + " take the @Cacheable away";
      case UNDECODABLE, SCHEMA ->
          "give each method a cache of its own, and each application a name";
      default ->
          "a key of fewer parts, @Cacheable(key = \"...\"), more maxmemory, or no @Cacheable there";
    };
  }
}
