package larder.cache.actuate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import larder.cache.adviser.Adviser;
import larder.cache.adviser.Finding;
import larder.cache.manager.EntryReport;
import larder.cache.manager.LarderCache;
import larder.cache.manager.LarderCacheManager;
import larder.cache.policy.Policy;
import larder.cache.policy.PolicyCatalog;
import larder.cache.remote.RedisVersions;
import larder.cache.statistics.CacheStatistics;
import larder.cache.statistics.Miss;
import larder.cache.statistics.Statistics;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * The endpoint {@code larder}: all caches, one cache, one key; evicts a key, clears a cache, raises
 * its version.
 *
 * <p>It shows no keys but the one that is asked for, and no values of sensitive caches. What is not
 * there is answered by null, which the web says as 404.
 */
@Endpoint(id = "larder")
public final class CachesEndpoint {

  private final LarderCacheManager caches;
  private final PolicyCatalog policies;
  private final Statistics statistics;
  private final Adviser adviser;
  private final RedisVersions versions;

  public CachesEndpoint(
      LarderCacheManager caches,
      PolicyCatalog policies,
      Statistics statistics,
      Adviser adviser,
      RedisVersions versions) {
    this.caches = caches;
    this.versions = versions;
    this.policies = policies;
    this.statistics = statistics;
    this.adviser = adviser;
  }

  /**
   * All caches.
   *
   * @param caches those that were asked for so far, by name
   * @param findings what is wrong or could be better, worst first
   */
  public record Report(Map<String, CacheReport> caches, List<Finding> findings) {}

  /**
   * One cache.
   *
   * @param policy what holds for it
   * @param hits lookups that were answered, by tier
   * @param misses lookups that were not, by reason; without those that never occurred
   * @param loads methods that brought a value
   * @param meanLoadMillis how long they took on average
   * @param failedLoads methods that threw
   * @param joinedLoads callers who took the value of another's load
   * @param findings what is wrong or could be better with it, worst first
   */
  public record CacheReport(
      Policy policy,
      Map<String, Long> hits,
      Map<String, Long> misses,
      long loads,
      double meanLoadMillis,
      long failedLoads,
      long joinedLoads,
      long stores,
      long storedBytes,
      long evicts,
      long clears,
      List<Finding> findings) {}

  /** Returns all caches that were asked for so far, and all findings. */
  @ReadOperation
  public Report caches() {
    Map<String, CacheReport> all = new TreeMap<>();
    List<Finding> findings = adviser.findings();
    caches.getCacheNames().forEach(name -> all.put(name, report(name, concerning(name, findings))));
    return new Report(all, findings);
  }

  private static List<Finding> concerning(String cache, List<Finding> findings) {
    return findings.stream().filter(finding -> finding.caches().contains(cache)).toList();
  }

  /** Returns one cache; null if it was never asked for. */
  @ReadOperation
  public @Nullable CacheReport cache(@Selector String cache) {
    return caches.getCacheNames().contains(cache) ? report(cache, adviser.findings(cache)) : null;
  }

  /**
   * Returns what each tier holds under a key; null if the cache was never asked for.
   *
   * @param key the text of the key, as its end in Redis
   */
  @ReadOperation
  public @Nullable List<EntryReport> entry(@Selector String cache, @Selector String key) {
    LarderCache found = known(cache);
    return found == null ? null : found.inspect(key);
  }

  /** Clears a cache on all nodes. */
  @DeleteOperation
  public void clear(@Selector String cache) {
    LarderCache found = known(cache);
    if (found != null) {
      found.clear();
    }
  }

  /**
   * Raises the version of a cache on all nodes, and clears it; null if it was never asked for.
   *
   * <p>This holds until settings or an annotation say a higher version, or Redis loses it.
   *
   * @param version above the one that holds
   * @throws InvalidEndpointRequestException if it is not
   */
  @WriteOperation
  public @Nullable Raised raise(@Selector String cache, int version) {
    LarderCache found = known(cache);
    if (found == null) {
      return null;
    }
    int now = policies.policy(cache).version();
    if (version <= now) {
      String refusal =
          "Cache '%s': version must be above %d, was: %d".formatted(cache, now, version);
      throw new InvalidEndpointRequestException(refusal, refusal);
    }
    boolean raised = versions.raise(cache, version);
    if (raised) {
      found.clear();
    }
    return new Raised(
        policies.policy(cache).version(), raised ? null : "Redis does not answer; try again");
  }

  /**
   * What came of raising a version.
   *
   * @param version the one that holds now
   * @param failure why it was not raised; null if it was
   */
  public record Raised(int version, @Nullable String failure) {}

  /** Evicts a key on all nodes. */
  @DeleteOperation
  public void evict(@Selector String cache, @Selector String key) {
    LarderCache found = known(cache);
    if (found != null) {
      found.evictText(key);
    }
  }

  private @Nullable LarderCache known(String cache) {
    return caches.getCacheNames().contains(cache) ? caches.getCache(cache) : null;
  }

  private CacheReport report(String cache, List<Finding> findings) {
    CacheStatistics counts = statistics.of(cache);
    Map<String, Long> hits = new LinkedHashMap<>();
    hits.put("near", counts.nearHits());
    hits.put("remote", counts.remoteHits());
    hits.put("stale", counts.staleHits());
    Map<String, Long> misses = new LinkedHashMap<>();
    for (Miss reason : Miss.values()) {
      if (counts.misses(reason) > 0) {
        misses.put(reason.word(), counts.misses(reason));
      }
    }
    double mean = counts.loads() == 0 ? 0 : counts.loadNanos() / 1e6 / counts.loads();
    return new CacheReport(
        policies.policy(cache),
        hits,
        misses,
        counts.loads(),
        mean,
        counts.failedLoads(),
        counts.joins(),
        counts.stores(),
        counts.storedBytes(),
        counts.evicts(),
        counts.clears(),
        findings);
  }
}
