package larder.cache.policy;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import larder.cache.CachePolicy;
import larder.cache.LarderProperties;
import larder.cache.LarderProperties.Settings;
import org.jspecify.annotations.Nullable;

/**
 * The policy of each cache: settings win over the {@link CachePolicy} annotation, which wins over
 * the defaults.
 *
 * <p>Thread-safe. Every cache has a policy, also one that nobody declared.
 */
public final class PolicyCatalog {

  private static final Settings NOTHING_SET = new Settings(null, null, null, null, null);

  private final LarderProperties properties;
  private final DeclaredPolicies declared;

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
    Settings set = settings(cache);
    CachePolicy said = declared.find(cache);
    var defaults = properties.defaults();
    return new Policy(
        cache,
        first(set.ttl(), duration(cache, "ttl", said == null ? "" : said.ttl()), defaults.ttl()),
        first(
            set.notFoundTtl(),
            duration(cache, "notFoundTtl", said == null ? "" : said.notFoundTtl()),
            defaults.notFoundTtl()),
        first(
            set.jitter(),
            said == null || said.jitter() < 0 ? null : said.jitter(),
            defaults.jitter()),
        first(
            set.version(),
            said == null || said.version() == 0 ? null : said.version(),
            defaults.version()),
        first(set.enabled(), null, true));
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

  private static @Nullable Duration duration(String cache, String attribute, String text) {
    return DeclaredPolicies.duration(cache, attribute, text);
  }
}
