package larder.cache;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import larder.redis.Setting;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the layer.
 *
 * @param defaults what holds for caches that nothing else is said of
 * @param caches settings by cache name; they win over annotations and defaults
 * @param maxStaleness no value is served that is staler, whoever wrote and whatever failed
 * @param near the entries in this process
 * @param remote the entries in Redis
 * @param load the loading of missing values
 * @param tracking what values depend on
 * @param session what goes with a person from node to node
 * @param outbox the outbox in PostgreSQL
 * @param consistency the hits that are compared with what their methods say
 */
@ConfigurationProperties("larder")
public record LarderProperties(
    @DefaultValue Defaults defaults,
    @DefaultValue Map<String, Settings> caches,
    @DefaultValue("2s") Duration maxStaleness,
    @DefaultValue Near near,
    @DefaultValue Remote remote,
    @DefaultValue Load load,
    @DefaultValue Tracking tracking,
    @DefaultValue Session session,
    @DefaultValue Outbox outbox,
    @DefaultValue Consistency consistency) {

  /**
   * What holds for caches that nothing else is said of.
   *
   * @param ttl time to live of an entry
   * @param notFoundTtl time to live of a "not found" answer; 0s keeps none
   * @param jitter share of the time to live by which it is shortened at random, 0 to 0.9
   * @param version version in the key prefix, at least 1
   * @param maxLife longest life of an entry whose time to live begins anew with each read; 0s:
   *     reads do not prolong a life
   * @param earlyRefresh how eagerly an entry is loaded again before it expires, as a factor of the
   *     time that its load took; 0 never
   * @param staleOnError how long after its expiry a value may still be served when its load fails
   *     for the database's sake; 0s never
   * @param tracking whether values depend on what their methods read in the database
   * @param sensitive whether nobody who looks after caches may see values
   * @param encoding how values are written in Redis; entries written otherwise are read all the
   *     same
   * @param compressAbove size above which an encoded value is compressed in Redis if that saves
   *     enough; 0B compresses none
   */
  public record Defaults(
      @DefaultValue("1h") Duration ttl,
      @DefaultValue("1m") Duration notFoundTtl,
      @DefaultValue("0.1") double jitter,
      @DefaultValue("1") int version,
      @DefaultValue("0s") Duration maxLife,
      @DefaultValue("1") double earlyRefresh,
      @DefaultValue("0s") Duration staleOnError,
      @DefaultValue("true") boolean tracking,
      @DefaultValue("false") boolean sensitive,
      @DefaultValue("compact") Encoding encoding,
      @DefaultValue("1KB") DataSize compressAbove) {}

  /**
   * Settings of one cache; what is not set falls through to the annotation and the defaults.
   *
   * @param ttl time to live of an entry
   * @param notFoundTtl time to live of a "not found" answer; 0s keeps none
   * @param jitter share of the time to live by which it is shortened at random, 0 to 0.9
   * @param version version in the key prefix, at least 1; raising it abandons the old entries
   * @param enabled whether the cache is used at all; if not, every call goes to its method
   * @param maxLife longest life of an entry whose time to live begins anew with each read; 0s:
   *     reads do not prolong a life
   * @param earlyRefresh how eagerly an entry is loaded again before it expires, as a factor of the
   *     time that its load took; 0 never
   * @param staleOnError how long after its expiry a value may still be served when its load fails
   *     for the database's sake; 0s never
   * @param tracking whether values depend on what their methods read in the database; if not, only
   *     annotations and the time to live end them
   * @param sensitive whether nobody who looks after the cache may see its values
   * @param fields whether the entries of keys of two parts are fields of one Redis hash for each
   *     first part
   * @param encoding how its values are written in Redis; entries written otherwise are read all the
   *     same
   * @param compressAbove size above which an encoded value is compressed in Redis if that saves
   *     enough; 0B compresses none
   */
  public record Settings(
      @Nullable Duration ttl,
      @Nullable Duration notFoundTtl,
      @Nullable Double jitter,
      @Nullable Integer version,
      @Nullable Boolean enabled,
      @Nullable Duration maxLife,
      @Nullable Double earlyRefresh,
      @Nullable Duration staleOnError,
      @Nullable Boolean tracking,
      @Nullable Boolean sensitive,
      @Nullable Boolean fields,
      @Nullable Encoding encoding,
      @Nullable DataSize compressAbove) {}

  /**
   * The entries in this process.
   *
   * @param maxSize most that they may take, as estimated; 0 keeps none
   */
  public record Near(@DefaultValue("64MB") DataSize maxSize) {}

  /**
   * The loading of missing values.
   *
   * @param patience longest that a call waits for another call's load of the same key
   * @param nodePatience longest that a load waits for another node's load of the same key
   */
  public record Load(
      @DefaultValue("10s") Duration patience, @DefaultValue("500ms") Duration nodePatience) {}

  /**
   * What values depend on.
   *
   * @param maxRows rows of one table that a value depends on one by one; beyond, it depends on the
   *     table
   * @param jdbc whether the statements of data sources are looked at that Hibernate does not run,
   *     such as those of a JdbcTemplate
   */
  public record Tracking(@DefaultValue("100") int maxRows, @DefaultValue("true") boolean jdbc) {

    public Tracking {
      if (maxRows < 1) {
        throw new IllegalArgumentException(
            "larder.tracking.max-rows must be at least 1, was: " + maxRows);
      }
    }
  }

  /**
   * What goes with a person from node to node.
   *
   * @param header whether clients without a web session may carry the position of their last write
   *     in the header Larder-Position
   */
  public record Session(@DefaultValue("false") boolean header) {}

  /**
   * The outbox in PostgreSQL.
   *
   * @param enabled whether the outbox is used where it is installed
   * @param triggers what is done about tables whose changes are not told
   * @param tables further tables to be watched, which are read and not mapped
   */
  public record Outbox(
      @DefaultValue("true") boolean enabled,
      @DefaultValue("create") Triggers triggers,
      @DefaultValue List<String> tables) {}

  /**
   * The hits that are compared with what their methods say.
   *
   * @param oneIn of so many hits one is compared, on average; 0 compares none
   * @param perSecond most that are compared in a second
   * @param exclude names of caches whose methods are not to be run for this
   */
  public record Consistency(
      @DefaultValue("10000") int oneIn,
      @DefaultValue("1") int perSecond,
      @DefaultValue List<String> exclude) {

    public Consistency {
      if (oneIn < 0) {
        throw new IllegalArgumentException(
            "larder.consistency.one-in must be zero or positive, was: " + oneIn);
      } else if (perSecond < 1) {
        throw new IllegalArgumentException(
            "larder.consistency.per-second must be at least 1, was: " + perSecond);
      }
    }
  }

  /** What is done about tables whose changes are not told. */
  public enum Triggers {
    /** Their triggers are created if the application's role may; if not, the SQL is said. */
    CREATE,
    /** They are named, and the SQL is said. */
    CHECK
  }

  /**
   * The entries in Redis.
   *
   * @param maxValueSize largest encoded value that is kept; larger ones are never cached
   * @param figuresInterval how often Redis is asked for its figures, in the background
   */
  public record Remote(
      @DefaultValue("1MB") DataSize maxValueSize, @DefaultValue("10s") Duration figuresInterval) {

    public Remote {
      boolean fits = maxValueSize.toBytes() > 0 && maxValueSize.toBytes() <= Integer.MAX_VALUE / 2;
      Setting.check("larder.remote.max-value-size", fits, maxValueSize, "from 1B to 1023MB");
      boolean seldom = figuresInterval.compareTo(Duration.ofMillis(100)) >= 0;
      Setting.check("larder.remote.figures-interval", seldom, figuresInterval, "at least 100ms");
    }
  }
}
