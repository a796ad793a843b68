package larder.cache.adviser;

import java.util.Comparator;
import java.util.List;
import larder.cache.method.AnnotatedMethods;
import larder.cache.method.MethodTracking;
import larder.cache.policy.PolicyCatalog;
import larder.cache.redis.RedisSampler;
import larder.cache.statistics.Statistics;
import org.springframework.util.unit.DataSize;

/**
 * Tells what is wrong or could be better now, worst first: in the annotations and settings, in what
 * the caches have been counted to do, and in Redis.
 *
 * <p>Each time it is asked it looks at counts and samples that are there; it does no I/O. A rule
 * finds nothing before there is enough to judge by. Thread-safe.
 */
public final class Adviser {

  private final List<Rules> rules;

  /**
   * @param review what was found in what is declared
   * @param maxValueSize largest encoded value that is kept
   */
  public Adviser(
      StartupReview review,
      PolicyCatalog policies,
      Statistics statistics,
      AnnotatedMethods methods,
      MethodTracking tracking,
      RedisSampler redis,
      DataSize maxValueSize) {
    this.rules =
        List.of(
            new ServerRules(redis::figures),
            review,
            new TrackingRules(
                policies, statistics, methods, tracking::unseen, tracking::dependsOnData),
            new ValueRules(policies, statistics, maxValueSize),
            new TrafficRules(policies, statistics, redis::figures));
  }

  /** Returns all findings, worst first. */
  public List<Finding> findings() {
    return rules.stream()
        .flatMap(each -> each.findings().stream())
        .sorted(Comparator.comparing(Finding::severity))
        .toList();
  }

  /** Returns the findings that concern one cache, worst first. */
  public List<Finding> findings(String cache) {
    return findings().stream().filter(finding -> finding.caches().contains(cache)).toList();
  }
}
