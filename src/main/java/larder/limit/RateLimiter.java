package larder.limit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import larder.limit.Standing.DecidedBy;
import larder.redis.Keyspace;
import larder.redis.RedisCalls;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether calls may go on, by limits that hold over all nodes. Thread-safe.
 *
 * <p>A question waits for Redis at most once, for {@code larder.remote.deadline}; without an answer
 * each limit's {@link WhenAway} decides. Redis may have counted a call whose answer came too late:
 * then it counts there, and what this node decided holds. A Redis that has lost its keys begins all
 * limits anew.
 */
public final class RateLimiter {

  private static final Logger log = LoggerFactory.getLogger(RateLimiter.class);

  private final LimitCatalog catalog;
  private final LimitCounts counts;
  private final SubjectKeys keys;
  private final RedisLimits redis;
  private final LocalLimits local;
  private final AtomicBoolean alone = new AtomicBoolean();

  /**
   * @param secret the key under which subjects are hashed, the same on all nodes; not empty
   * @param nanoClock the monotonic clock
   */
  public RateLimiter(
      LimitCatalog catalog,
      LimitCounts counts,
      RedisCalls calls,
      Keyspace keyspace,
      String secret,
      LongSupplier nanoClock) {
    this.catalog = catalog;
    this.counts = counts;
    this.keys = new SubjectKeys(keyspace.together("limits"), secret);
    this.redis = new RedisLimits(calls);
    this.local = new LocalLimits(nanoClock);
  }

  /**
   * Takes one call from a limit.
   *
   * @param limit the limit's name
   * @param subject whose calls are counted together
   * @throws IllegalArgumentException if no limit has this name
   */
  public Decision ask(String limit, String subject) {
    return ask(Map.of(limit, subject));
  }

  /**
   * Takes one call from each limit if all have room, else from none, in one step.
   *
   * @param subjects by the name of the limit; those that are switched off are left out
   * @throws IllegalArgumentException if no limit has such a name
   */
  public Decision ask(Map<String, String> subjects) {
    Map<String, Limit> asked = new LinkedHashMap<>();
    subjects.forEach(
        (name, subject) -> {
          Limit limit = catalog.find(name);
          if (limit.enabled()) {
            asked.put(keys.of(limit, subject), limit);
          }
        });
    if (asked.isEmpty()) {
      return new Decision(List.of());
    }
    Decision decision = decide(List.copyOf(asked.values()), List.copyOf(asked.keySet()));
    counts.add(decision);
    return decision;
  }

  private Decision decide(List<Limit> limits, List<String> names) {
    List<Standing> answered = redis.ask(limits, names);
    if (answered != null) {
      if (alone.compareAndSet(true, false)) {
        log.info("Rate limits hold over all nodes again");
      }
      return new Decision(answered);
    }
    if (alone.compareAndSet(false, true)) {
      log.warn("Rate limits hold on this node alone, or not at all, until Redis answers");
    }
    return new Decision(local.ask(limits, names));
  }

  /**
   * Gives back what an allowed call took, as if it had not been made. Does not wait, and nothing
   * happens where it no longer counts or Redis is away. A token bucket keeps its token.
   *
   * @param limit the name of the limit
   */
  public void giveBack(Decision decision, String limit) {
    if (decision.allowed()) {
      decision.of(limit).ifPresent(this::giveBack);
    }
  }

  private void giveBack(Standing taken) {
    if (taken.decidedBy() == DecidedBy.NODE) {
      local.giveBack(taken);
    } else if (taken.decidedBy() == DecidedBy.REDIS
        && taken.limit().algorithm() != Algorithm.TOKEN_BUCKET) {
      redis.giveBack(taken);
    }
  }

  /** Returns all limits with what happened to them in this process, by name. */
  public List<LimitReport> report() {
    List<LimitReport> reports = new ArrayList<>();
    for (LimitCatalog.Declared one : catalog.all()) {
      LimitCounts.Count count = counts.of(one.limit().name());
      reports.add(
          new LimitReport(
              one.limit(),
              one.where(),
              one.isChanged(),
              count.allowed().sum(),
              count.refused().sum(),
              count.away().sum(),
              count.local().sum()));
    }
    return reports;
  }
}
