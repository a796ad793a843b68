package larder.cache.health;

import larder.cache.overview.NodeReport;
import larder.cache.overview.NodeReporter;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * Whether the caches work: {@code UP}, or {@code DEGRADED} with the reason. The application serves
 * either way, so it is never {@code DOWN}, and no probe should take it out of service for this.
 *
 * <p>Asks nobody: it tells what the node knows.
 */
public final class CacheHealth implements HealthIndicator {

  /** The application serves, from the database or from its own short memory. */
  public static final Status DEGRADED = new Status("DEGRADED");

  private final NodeReporter node;

  public CacheHealth(NodeReporter node) {
    this.node = node;
  }

  @Override
  public Health health() {
    NodeReport report = node.report();
    String trouble = report.trouble();
    Health.Builder health = Health.status(trouble == null ? Status.UP : DEGRADED);
    if (trouble != null) {
      health.withDetail("reason", trouble);
    }
    health.withDetail("redis", report.redisAnswers() ? "answers" : "does not answer");
    health.withDetail("current", report.current());
    if (report.lag() != null) {
      health.withDetail("age", report.lag().toMillis() + " ms");
    }
    health.withDetail("level", report.level());
    return health.build();
  }
}
