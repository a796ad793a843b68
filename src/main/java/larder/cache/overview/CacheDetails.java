package larder.cache.overview;

import java.util.List;
import java.util.Map;
import java.util.Set;
import larder.cache.policy.PolicyPart;
import larder.cache.statistics.Miss;
import larder.cache.tracking.SeenReads.TableReads;

/**
 * All that this process knows of one cache, besides its counts.
 *
 * @param cache its name
 * @param policy what holds for it, and where each part was said
 * @param methods the annotated methods that use it
 * @param tracked whether its values depend on what their methods read
 * @param tables what its loads were seen to read
 * @param unknown what they read that could not be named; empty if all could
 * @param misses lookups that no entry answered since the start, by reason; each reason is there
 * @param hottest the keys that were read most often of late, among those held in this process
 * @param costliest the keys whose loads took longest, among the same
 */
public record CacheDetails(
    String cache,
    List<PolicyPart> policy,
    List<MethodUse> methods,
    boolean tracked,
    List<TableReads> tables,
    Set<String> unknown,
    Map<Miss, Long> misses,
    List<KeyReport> hottest,
    List<KeyReport> costliest) {

  /**
   * An annotated method.
   *
   * @param method class, name and parameters, in short
   * @param annotations what it does with the cache, such as {@code @Cacheable}
   */
  public record MethodUse(String method, String annotations) {}
}
