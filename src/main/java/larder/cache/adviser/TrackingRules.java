package larder.cache.adviser;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import larder.cache.method.AnnotatedMethods;
import larder.cache.method.MethodTracking.Unseen;
import larder.cache.policy.Policy;
import larder.cache.policy.PolicyCatalog;
import larder.cache.statistics.CacheStatistics;
import larder.cache.statistics.Statistics;

/** What is not known of the data behind values, so that they are kept too short or too long. */
final class TrackingRules implements Rules {

  private static final long ENOUGH_LOADS = 10;
  private static final long ENOUGH_CALLS = 100;

  /** Who chose no longer a time has thought of it. */
  private static final Duration SHORT = Duration.ofMinutes(1);

  private final PolicyCatalog policies;
  private final Statistics statistics;
  private final AnnotatedMethods methods;
  private final Supplier<List<Unseen>> unseen;
  private final Predicate<String> dependsOnData;

  /**
   * @param unseen gives the methods of which it is not known what they read
   * @param dependsOnData whether any load for a cache has read something that is tracked
   */
  TrackingRules(
      PolicyCatalog policies,
      Statistics statistics,
      AnnotatedMethods methods,
      Supplier<List<Unseen>> unseen,
      Predicate<String> dependsOnData) {
    this.policies = policies;
    this.statistics = statistics;
    this.methods = methods;
    this.unseen = unseen;
    this.dependsOnData = dependsOnData;
  }

  @Override
  public List<Finding> findings() {
    List<Finding> found = new ArrayList<>();
    for (Unseen method : unseen.get()) {
      found.add(
          Rule.UNSEEN_READS.of(
              method.method(),
              Set.copyOf(method.caches()),
              "has values that are kept in this process and for a short time only, since it is"
                  + " not known when this changes: "
                  + String.join(", ", method.unknown()),
              method.remedy()));
    }
    statistics
        .all()
        .forEach(
            (cache, counts) -> {
              Policy policy = policies.policy(cache);
              if (policy.enabled() && isNeverInvalidated(policy, counts)) {
                found.add(neverInvalidated(policy, counts));
              }
            });
    return found;
  }

  private boolean isNeverInvalidated(Policy policy, CacheStatistics counts) {
    long calls = counts.loads() + counts.nearHits() + counts.remoteHits();
    return counts.loads() >= ENOUGH_LOADS
        && calls >= ENOUGH_CALLS
        && policy.ttl().compareTo(SHORT) > 0
        && counts.evicts() + counts.clears() + counts.puts() == 0
        && !methods.isChangedByAny(policy.cache())
        && (!policy.tracking() || !dependsOnData.test(policy.cache()));
  }

  private static Finding neverInvalidated(Policy policy, CacheStatistics counts) {
    String cache = policy.cache();
    String ttl = Amount.setting(policy.ttl());
    return policy.tracking()
        ? Rule.NEVER_INVALIDATED.ofCache(
            cache,
            "is ended by nothing but its ttl of %s: none of %,d loads has read anything that is"
                    .formatted(ttl, counts.loads())
                + " tracked, and nothing evicts it",
            "@CacheEvict(\"%s\") where its data changes, or @ReadsTables on its method"
                .formatted(cache))
        : Rule.NEVER_INVALIDATED.ofCache(
            cache,
            "is ended by nothing but its ttl of %s: its tracking is off, and nothing evicts it"
                .formatted(ttl),
            "larder.caches.%s.tracking=true, or @CacheEvict(\"%s\") where its data changes"
                .formatted(cache, cache));
  }
}
