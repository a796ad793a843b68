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
    for (String cache : methods.cachesWithValues()) {
      Policy policy = policies.policy(cache);
      if (policy.enabled()) {
        addTimes(found, policy);
        addTypes(found, cache);
      }
    }
    return found;
  }

  private void addTimes(List<Finding> found, Policy policy) {
    String cache = policy.cache();
    if (!defaultTtlSet && !policies.saysTtl(cache)) {
      found.add(
          Rule.TTL_UNSET.ofCache(
              cache,
              "has no time to live of its own: that of everything, %s, holds"
                  .formatted(Amount.setting(policy.ttl())),
              "larder.caches.%s.ttl=..., or @CachePolicy(ttl = \"...\")".formatted(cache)));
    }
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
