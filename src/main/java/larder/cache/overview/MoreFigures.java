package larder.cache.overview;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import larder.cache.log.node.LogFollower;
import larder.cache.log.service.MeasuredLog;
import larder.cache.outbox.OutboxRelay;
import larder.cache.redis.RedisFigures;
import larder.cache.redis.RedisSampler;
import larder.cache.redis.ServerFigures;
import larder.cache.statistics.CacheStatistics;
import larder.cache.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * Figures of the log, the outbox, Redis and the consistency meter, in words for people.
 *
 * <p>They are those that were sampled last: nobody is asked. Thread-safe.
 */
public final class MoreFigures {

  private static final double MEGABYTE = 1 << 20;

  private final LogFollower follower;
  private final MeasuredLog log;
  private final @Nullable OutboxRelay relay;
  private final RedisSampler redis;
  private final Statistics statistics;

  /**
   * @param relay null where there is no outbox
   */
  public MoreFigures(
      LogFollower follower,
      MeasuredLog log,
      @Nullable OutboxRelay relay,
      RedisSampler redis,
      Statistics statistics) {
    this.follower = follower;
    this.log = log;
    this.relay = relay;
    this.redis = redis;
    this.statistics = statistics;
  }

  /**
   * One figure.
   *
   * @param name what it is, such as {@code Outbox}
   * @param value how it stands, with its unit, such as {@code 3 rows wait}
   */
  public record Figure(String name, String value) {}

  /** Returns figures of the node. */
  public List<Figure> ofNode() {
    List<Figure> figures = new ArrayList<>();
    figures.add(new Figure("Behind the log", log.lag(follower.position()) + " records"));
    if (relay != null) {
      OptionalLong depth = relay.sampledDepth();
      String rows = depth.isPresent() ? depth.getAsLong() + " rows wait" : "not known";
      figures.add(new Figure("Outbox", rows));
    }
    redis
        .figures()
        .ifPresentOrElse(
            sample -> ofRedis(sample, figures),
            () -> figures.add(new Figure("Redis memory", "not known")));
    long checks = statistics.all().values().stream().mapToLong(CacheStatistics::checks).sum();
    long wrong = statistics.all().values().stream().mapToLong(CacheStatistics::mismatches).sum();
    figures.add(new Figure("Compared with the database", compared(checks, wrong)));
    return figures;
  }

  private static void ofRedis(RedisFigures sample, List<Figure> figures) {
    double used = sample.sum(ServerFigures::usedMemory);
    double most = sample.maxMemory();
    String limit =
        Double.isNaN(most)
            ? text("%.0f MB, no limit", used / MEGABYTE)
            : text("%.0f of %.0f MB", used / MEGABYTE, most / MEGABYTE);
    figures.add(new Figure("Redis memory", limit));
    figures.add(
        new Figure("Evicted by Redis", text("%.0f keys", sample.sum(ServerFigures::evictedKeys))));
  }

  /** Returns figures of a cache. */
  public List<Figure> of(String cache) {
    CacheStatistics counts = statistics.of(cache);
    return List.of(
        new Figure("Compared with the database", compared(counts.checks(), counts.mismatches())));
  }

  private static String compared(long checks, long wrong) {
    return checks == 0 ? "no hits yet" : "%d hits, %d wrong".formatted(checks, wrong);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
