package larder.cache.health;

import larder.cache.log.service.LogService;
import larder.cache.outbox.OutboxRelay;
import larder.cache.outbox.RelayState;
import larder.cache.redis.RedisCalls;
import org.jspecify.annotations.Nullable;
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

  private final RedisCalls redis;
  private final LogService log;
  private final @Nullable OutboxRelay relay;

  /**
   * @param relay null where there is no outbox
   */
  public CacheHealth(RedisCalls redis, LogService log, @Nullable OutboxRelay relay) {
    this.redis = redis;
    this.log = log;
    this.relay = relay;
  }

  @Override
  public Health health() {
    String trouble = trouble();
    Health.Builder health = Health.status(trouble == null ? Status.UP : DEGRADED);
    if (trouble != null) {
      health.withDetail("reason", trouble);
    }
    health.withDetail("redis", redis.isAvailable() ? "answers" : "does not answer");
    health.withDetail("current", log.isCurrent());
    log.age().ifPresent(age -> health.withDetail("age", age.toMillis() + " ms"));
    RelayState state = relay == null ? null : relay.state();
    health.withDetail("level", state == null ? "LOG" : state.level().name());
    return health.build();
  }

  private @Nullable String trouble() {
    if (!redis.isAvailable()) {
      return "Redis does not answer in time: calls go to their methods, and each process keeps what"
          + " it loads for a short while";
    }
    String relaying = relay == null ? null : relay.state().trouble();
    if (!log.isCurrent()) {
      return "this node does not know that it is current, so it serves only its own recent loads"
          + (relaying == null ? "" : ": the outbox relay cannot work: " + relaying);
    }
    return relaying == null ? null : "the outbox relay of this node cannot work: " + relaying;
  }
}
