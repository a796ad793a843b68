package larder.cache.adviser;

import java.util.ArrayList;
import java.util.List;
import larder.cache.policy.PolicyCatalog;
import larder.cache.statistics.CacheStatistics;
import larder.cache.statistics.Statistics;
import org.springframework.util.unit.DataSize;

/** What the values of a cache tell, once there are enough: too large, or not to be kept. */
final class ValueRules implements Rules {

  private static final long ENOUGH_REFUSALS = 10;
  private static final int MOST_KEPT_PER_REFUSED = 100;
  private static final long ENOUGH_STORES = 100;
  private static final long LARGE_BYTES = 100 * 1024;

  private final PolicyCatalog policies;
  private final Statistics statistics;
  private final DataSize most;

  /**
   * @param most the largest encoded value that is kept
   */
  ValueRules(PolicyCatalog policies, Statistics statistics, DataSize most) {
    this.policies = policies;
    this.statistics = statistics;
    this.most = most;
  }

  @Override
  public List<Finding> findings() {
    List<Finding> found = new ArrayList<>();
    statistics
        .all()
        .forEach(
            (cache, counts) -> {
              if (policies.policy(cache).enabled()) {
                add(found, cache, counts);
              }
            });
    return found;
  }

  private void add(List<Finding> found, String cache, CacheStatistics counts) {
    long values = counts.stores() + counts.refusals();
    long misfits = counts.refusals() - counts.tooLarge();
    if (isOften(counts.tooLarge(), values)) {
      found.add(
          Rule.VALUES_TOO_LARGE.ofCache(
              cache,
              "keeps none of %,d of %,d values, which are over larder.remote.max-value-size (%s)"
                  .formatted(counts.tooLarge(), values, Amount.bytes((double) most.toBytes())),
              "return less, such as a page, or larder.remote.max-value-size=%dMB"
                  .formatted(Math.max(1, most.toMegabytes() * 2))));
    }
    if (isOften(misfits, values)) {
      found.add(
          Rule.VALUES_REFUSED.ofCache(
              cache,
              "keeps none of %,d of %,d values, which do not survive the trip through JSON"
                  .formatted(misfits, values),
              "return a record; the log says why: Cache '%s': ... is not cached".formatted(cache)));
    }
    if (counts.stores() >= ENOUGH_STORES && counts.storedBytes() / counts.stores() > LARGE_BYTES) {
      found.add(
          Rule.VALUES_LARGE.ofCache(
              cache,
              "has values of %s on average (%,d): each hit in Redis moves and parses that much"
                  .formatted(
                      Amount.bytes((double) counts.storedBytes() / counts.stores()),
                      counts.stores()),
              "return a page, or a record of what its callers show"));
    }
  }

  private static boolean isOften(long refused, long values) {
    return refused >= ENOUGH_REFUSALS && refused * MOST_KEPT_PER_REFUSED >= values;
  }
}
