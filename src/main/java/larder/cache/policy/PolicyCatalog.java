package larder.cache.policy;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
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

  private static final Settings NOTHING_SET =
      new Settings(null, null, null, null, null, null, null, null, null, null, null, null, null);

  private final LarderProperties properties;
  private final DeclaredPolicies declared;
  private final RaisedVersions raised;
  private final Map<String, CurrentPolicy> resolved = new ConcurrentHashMap<>();

  /** A policy, and how much had changed when it was put together. */
  private record Resolved(Policy policy, long changes) {}

  /** The policy that holds at any time for one cache. */
  private final class CurrentPolicy implements Supplier<Policy> {

    private final String cache;
    private volatile @Nullable Resolved resolved;

    CurrentPolicy(String cache) {
      this.cache = cache;
    }

    @Override
    public Policy get() {
      long changes = declared.changes() + raised.changes();
      Resolved known = resolved;
      if (known == null || known.changes() != changes) {
        known = new Resolved(resolve(cache), changes);
        resolved = known;
      }
      return known.policy();
    }
  }

  public PolicyCatalog(
      LarderProperties properties, DeclaredPolicies declared, RaisedVersions raised) {
    this.properties = properties;
    this.declared = declared;
    this.raised = raised;
  }

  /**
   * Returns the policy that holds now for a cache.
   *
   * @throws InvalidPolicyException if a value is out of its range
   */
  public Policy policy(String cache) {
    return current(cache).get();
  }

  /** Returns what gives the policy that holds at any time for a cache, as {@link #policy} does. */
  public Supplier<Policy> current(String cache) {
    return resolved.computeIfAbsent(cache, CurrentPolicy::new);
  }

  /** Returns the parts of the policy that holds now for a cache, and where each was said. */
  public List<PolicyPart> parts(String cache) {
    return sayings(cache).parts();
  }

  /** Whether a cache has a time to live of its own, set or annotated. */
  public boolean saysTtl(String cache) {
    CachePolicy said = declared.find(cache);
    return settings(cache).getValue().ttl() != null || (said != null && !said.ttl().isEmpty());
  }

  private Policy resolve(String cache) {
    return sayings(cache).policy();
  }

  private Sayings sayings(String cache) {
    Map.Entry<String, Settings> set = settings(cache);
    return new Sayings(
        cache,
        set.getValue(),
        set.getKey(),
        declared.find(cache),
        declared.where(cache),
        properties.defaults(),
        raised.of(cache));
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

  /** Returns what is set for a cache, and the name under which it stands. */
  private Map.Entry<String, Settings> settings(String cache) {
    Settings exact = properties.caches().get(cache);
    return exact != null
        ? Map.entry(cache, exact)
        : properties.caches().entrySet().stream()
            .filter(named -> uniform(named.getKey()).equals(uniform(cache)))
            .findFirst()
            .orElse(Map.entry(cache, NOTHING_SET));
  }

  /** An environment variable has no case and no dashes: {@code LARDER_CACHES_USERSBYHANDLE_TTL}. */
  private static String uniform(String name) {
    return name.replaceAll("[^\\p{L}\\p{N}]", "").toLowerCase(Locale.ROOT);
  }
}
