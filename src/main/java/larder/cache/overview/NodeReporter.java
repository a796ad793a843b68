package larder.cache.overview;

import java.time.Duration;
import java.util.function.Supplier;
import larder.cache.LarderProperties;
import larder.cache.log.node.LogFollower;
import larder.cache.log.service.LogService;
import larder.cache.near.NearCache;
import larder.cache.outbox.RelayState;
import larder.cache.outbox.RelayState.Level;
import larder.cache.statistics.CacheStatistics;
import larder.cache.statistics.Statistics;
import larder.redis.RedisCalls;
import org.jspecify.annotations.Nullable;

/** Tells how this node stands, from what it knows already: asks nobody. Thread-safe. */
public final class NodeReporter {

  private final LogFollower follower;
  private final LogService log;
  private final RedisCalls redis;
  private final NearCache near;
  private final Statistics statistics;
  private final Supplier<@Nullable RelayState> relay;
  private final Duration bound;
  private final long mostNear;

  /**
   * @param relay gives the state of this node's relay; null where there is no outbox
   */
  public NodeReporter(
      LogFollower follower,
      LogService log,
      RedisCalls redis,
      NearCache near,
      Statistics statistics,
      Supplier<@Nullable RelayState> relay,
      LarderProperties properties) {
    this.follower = follower;
    this.log = log;
    this.redis = redis;
    this.near = near;
    this.statistics = statistics;
    this.relay = relay;
    this.bound = properties.maxStaleness();
    this.mostNear = properties.near().maxSize().toBytes();
  }

  /** Returns how the node stands now. */
  public NodeReport report() {
    RelayState state = relay.get();
    boolean answers = redis.isAvailable();
    boolean current = log.isCurrent();
    String relaying = state == null ? null : state.trouble();
    return new NodeReport(
        log.nodeName(),
        current,
        trouble(answers, current, relaying),
        follower.position(),
        log.age().orElse(null),
        bound,
        state == null ? Level.LOG.name() : state.level().name(),
        relaying,
        answers,
        new NodeReport.Near(near.size(), near.weight(), mostNear, evictions()),
        heap());
  }

  private long evictions() {
    return statistics.all().values().stream().mapToLong(CacheStatistics::nearEvictions).sum();
  }

  private static NodeReport.Heap heap() {
    Runtime process = Runtime.getRuntime();
    return new NodeReport.Heap(process.totalMemory() - process.freeMemory(), process.maxMemory());
  }

  private static @Nullable String trouble(
      boolean answers, boolean current, @Nullable String relaying) {
    if (!answers) {
      return "Redis does not answer in time: calls go to their methods, and each process keeps what"
          + " it loads for a short while";
    } else if (!current) {
      return "this node does not know that it is current, so it serves only its own recent loads"
          + (relaying == null ? "" : ": the outbox relay cannot work: " + relaying);
    }
    return relaying == null ? null : "the outbox relay of this node cannot work: " + relaying;
  }
}
