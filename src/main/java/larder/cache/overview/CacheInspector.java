package larder.cache.overview;

import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import larder.cache.manager.LarderCacheManager;
import larder.cache.method.AnnotatedMethods;
import larder.cache.method.AnnotatedMethods.AnnotatedMethod;
import larder.cache.near.NearCache;
import larder.cache.overview.CacheDetails.MethodUse;
import larder.cache.policy.PolicyCatalog;
import larder.cache.statistics.CacheStatistics;
import larder.cache.statistics.Miss;
import larder.cache.statistics.Statistics;
import larder.cache.tracking.SeenReads;

/** Looks at one cache of this process: policy, methods, dependencies, keys. Thread-safe. */
public final class CacheInspector {

  private static final int MOST_KEYS = 10;

  private final LarderCacheManager caches;
  private final AnnotatedMethods methods;
  private final PolicyCatalog policies;
  private final Statistics statistics;
  private final SeenReads reads;
  private final NearKeys keys;

  /**
   * @param nanoClock the monotonic clock of the entries
   */
  public CacheInspector(
      LarderCacheManager caches,
      AnnotatedMethods methods,
      PolicyCatalog policies,
      Statistics statistics,
      SeenReads reads,
      NearCache near,
      LongSupplier nanoClock) {
    this.caches = caches;
    this.methods = methods;
    this.policies = policies;
    this.statistics = statistics;
    this.reads = reads;
    this.keys = new NearKeys(near, nanoClock);
  }

  /** Returns what is known of a cache. Takes time with the number of entries in this process. */
  public CacheDetails inspect(String cache) {
    String prefix = caches.keyPrefix(cache);
    return new CacheDetails(
        cache,
        policies.parts(cache),
        uses(cache),
        policies.policy(cache).tracking(),
        reads.tables(cache),
        reads.unknown(cache),
        misses(statistics.of(cache)),
        keys.hottest(prefix, MOST_KEYS),
        keys.costliest(prefix, MOST_KEYS));
  }

  private List<MethodUse> uses(String cache) {
    return methods.of(cache).stream()
        .map(method -> use(method, cache))
        .sorted(Comparator.comparing(MethodUse::method))
        .toList();
  }

  private static MethodUse use(AnnotatedMethod annotated, String cache) {
    String parameters =
        Arrays.stream(annotated.method().getParameterTypes())
            .map(Class::getSimpleName)
            .collect(Collectors.joining(", "));
    String annotations =
        annotated.operations().stream()
            .filter(operation -> operation.getCacheNames().contains(cache))
            .map(operation -> "@" + operation.getClass().getSimpleName().replace("Operation", ""))
            .distinct()
            .collect(Collectors.joining(" "));
    String type = annotated.target().getSimpleName();
    String name = annotated.method().getName();
    return new MethodUse("%s.%s(%s)".formatted(type, name, parameters), annotations);
  }

  private static Map<Miss, Long> misses(CacheStatistics counts) {
    Map<Miss, Long> misses = new EnumMap<>(Miss.class);
    for (Miss reason : Miss.values()) {
      misses.put(reason, counts.misses(reason));
    }
    return misses;
  }
}
