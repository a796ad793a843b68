package larder.cache.adviser;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import larder.cache.method.AnnotatedMethods;
import larder.cache.policy.Policy;
import larder.cache.policy.PolicyCatalog;
import larder.cache.value.ValueType;

/** What could be better in what is declared of caches, by annotations and settings. */
final class PolicyRules implements Rules {

  /** Who asks for an entry no more often has little of it. */
  private static final Duration LONGEST_SENSIBLE = Duration.ofDays(30);

  private final PolicyCatalog policies;
  private final AnnotatedMethods methods;
  private final boolean defaultTtlSet;

  /**
   * @param methods what they say of caches
   * @param defaultTtlSet whether the application has chosen the default time to live itself
   */
  PolicyRules(PolicyCatalog policies, AnnotatedMethods methods, boolean defaultTtlSet) {
    this.policies = policies;
    this.methods = methods;
    this.defaultTtlSet = defaultTtlSet;
  }

  @Override
  public List<Finding> findings() {
    List<Finding> found = new ArrayList<>();
    Set<String> withoutTtl = new TreeSet<>();
    for (String cache : methods.cachesWithValues()) {
      Policy policy = policies.policy(cache);
      if (policy.enabled()) {
        addLife(found, policy);
        addTypes(found, cache);
        if (!policies.saysTtl(cache)) {
          withoutTtl.add(cache);
        }
      }
    }
    if (!defaultTtlSet && !withoutTtl.isEmpty()) {
      found.add(unset(withoutTtl));
    }
    return found;
  }

  private Finding unset(Set<String> caches) {
    String otherwise = Amount.setting(policies.policy(caches.iterator().next()).ttl());
    return Rule.TTL_UNSET.of(
        "larder.defaults.ttl",
        caches,
        "is not set, and its %s holds for the caches that say no time to live of their own: %s"
            .formatted(otherwise, String.join(", ", caches)),
        "set it, or larder.caches.<name>.ttl, or @CachePolicy(ttl = \"...\") beside their methods");
  }

  private static void addLife(List<Finding> found, Policy policy) {
    String cache = policy.cache();
    boolean slides = policy.renewal().slides();
    Duration life = slides ? policy.renewal().maxLife() : policy.ttl();
    if (life.compareTo(LONGEST_SENSIBLE) > 0) {
      String setting = slides ? "max-life" : "ttl";
      found.add(
          Rule.TTL_LONG.ofCache(
              cache,
              "has a %s of %s: entries that nobody asks for any more take room until then"
                  .formatted(setting, Amount.setting(life)),
              "larder.caches.%s.%s=%s"
                  .formatted(cache, setting, Amount.setting(LONGEST_SENSIBLE))));
    }
  }

  private void addTypes(List<Finding> found, String cache) {
    Collection<ValueType> types = methods.declaredTypes(cache);
    if (types.size() > 1) {
      Set<String> names = new TreeSet<>();
      types.forEach(type -> names.add(type.toString()));
      found.add(
          Rule.MIXED_TYPES.ofCache(
              cache,
              "holds values of %d types, %s: where their keys meet they replace each other"
                  .formatted(types.size(), String.join(" and ", names)),
              "give the methods of each type a cache of their own"));
    }
  }
}
