package larder.cache.policy;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import larder.cache.CachePolicy;
import larder.cache.LarderProperties;
import larder.cache.LarderProperties.Defaults;
import larder.cache.LarderProperties.Settings;
import larder.cache.policy.Policy.Renewal;
import org.jspecify.annotations.Nullable;

/**
 * The policy of each cache: settings win over the {@link CachePolicy} annotation, which wins over
 * the defaults.
 *
 * <p>Thread-safe. Every cache has a policy, also one that nobody declared.
 */
public final class PolicyCatalog {

  private static final Settings NOTHING_SET =
      new Settings(null, null, null, null, null, null, null, null, null);

  private final LarderProperties properties;
  private final DeclaredPolicies declared;
  private final Map<String, Resolved> resolved = new ConcurrentHashMap<>();

  /** A policy, and how many annotations were known when it was put together. */
  private record Resolved(Policy policy, long changes) {}

  public PolicyCatalog(LarderProperties properties, DeclaredPolicies declared) {
    this.properties = properties;
    this.declared = declared;
  }

  /**
   * Returns the policy that holds now for a cache.
   *
   * @throws InvalidPolicyException if a value is out of its range
   */
  public Policy policy(String cache) {
    long changes = declared.changes();
    Resolved known = resolved.get(cache);
    if (known == null || known.changes() != changes) {
      known = new Resolved(resolve(cache), changes);
      resolved.put(cache, known);
    }
    return known.policy();
  }

  /** Whether a cache has a time to live of its own, set or annotated. */
  public boolean saysTtl(String cache) {
    CachePolicy said = declared.find(cache);
    return settings(cache).ttl() != null || (said != null && !said.ttl().isEmpty());
  }

  private Policy resolve(String cache) {
    Settings set = settings(cache);
    CachePolicy said = declared.find(cache);
    Defaults defaults = properties.defaults();
    return new Policy(
        cache,
        duration(cache, "ttl", set.ttl(), said == null ? "" : said.ttl(), defaults.ttl()),
        duration(
            cache,
            "notFoundTtl",
            set.notFoundTtl(),
            said == null ? "" : said.notFoundTtl(),
            defaults.notFoundTtl()),
        first(
            set.jitter(),
            said == null || said.jitter() < 0 ? null : said.jitter(),
            defaults.jitter()),
        first(
            set.version(),
            said == null || said.version() == 0 ? null : said.version(),
            defaults.version()),
        first(set.enabled(), null, true),
        renewal(cache, set, said, defaults),
        first(set.tracking(), said == null ? null : said.tracking().chosen(), defaults.tracking()));
  }

  private static Renewal renewal(
      String cache, Settings set, @Nullable CachePolicy said, Defaults defaults) {
    return new Renewal(
        duration(
            cache,
            "maxLife",
            set.maxLife(),
            said == null ? "" : said.maxLife(),
            defaults.maxLife()),
        first(
            set.earlyRefresh(),
            said == null || said.earlyRefresh() < 0 ? null : said.earlyRefresh(),
            defaults.earlyRefresh()),
        duration(
            cache,
            "staleOnError",
            set.staleOnError(),
            said == null ? "" : said.staleOnError(),
            defaults.staleOnError()));
  }

  /**
   * Checks what is set, whether or not a cache is meant by it.
   *
   * @throws InvalidPolicyException if a value is out of its range
   */
  public void check() {
    policy("*");
    properties.caches().keySet().forEach(this::policy);
  }

  /** Returns the names under {@code larder.caches} that mean none of these caches. */
  public Set<String> settingsWithoutCache(Set<String> caches) {
    Set<String> meant = caches.stream().map(PolicyCatalog::uniform).collect(Collectors.toSet());
    return properties.caches().keySet().stream()
        .filter(name -> !meant.contains(uniform(name)))
        .collect(Collectors.toSet());
  }

  private Settings settings(String cache) {
    Settings exact = properties.caches().get(cache);
    return exact != null
        ? exact
        : properties.caches().entrySet().stream()
            .filter(named -> uniform(named.getKey()).equals(uniform(cache)))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse(NOTHING_SET);
  }

  /** An environment variable has no case and no dashes: {@code LARDER_CACHES_USERSBYHANDLE_TTL}. */
  private static String uniform(String name) {
    return name.replaceAll("[^\\p{L}\\p{N}]", "").toLowerCase(Locale.ROOT);
  }

  private static <T> T first(@Nullable T set, @Nullable T said, T otherwise) {
    return set != null ? set : said != null ? said : otherwise;
  }

  private static Duration duration(
      String cache, String attribute, @Nullable Duration set, String said, Duration otherwise) {
    return first(set, DeclaredPolicies.duration(cache, attribute, said), otherwise);
  }
}
