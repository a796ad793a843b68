package larder.cache.adviser;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import larder.cache.adviser.Finding.Severity;
import larder.cache.method.AnnotatedMethods;
import larder.cache.method.AnnotatedMethods.AnnotatedMethod;
import larder.cache.policy.PolicyCatalog;
import larder.cache.statistics.Statistics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * A look at all annotated methods once the beans are made, and at those of later beans when they
 * are: what cannot hold stops the start, what is wrong or could be better is said, one line each.
 */
public final class StartupReview implements SmartInitializingSingleton, Rules {

  private static final Logger log = LoggerFactory.getLogger(StartupReview.class);

  private final AnnotatedMethods methods;
  private final PolicyCatalog policies;
  private final Statistics statistics;
  private final Rules declared;
  private final List<Finding> found = new CopyOnWriteArrayList<>();

  /**
   * @param statistics which caches are in use, whoever named them
   * @param defaultTtlSet whether the application has chosen the default time to live itself
   */
  public StartupReview(
      AnnotatedMethods methods,
      PolicyCatalog policies,
      Statistics statistics,
      boolean defaultTtlSet) {
    this.methods = methods;
    this.policies = policies;
    this.statistics = statistics;
    this.declared = new PolicyRules(policies, methods, defaultTtlSet);
  }

  @Override
  public void afterSingletonsInstantiated() {
    policies.check();
    methods.reviewedBy(this::review).forEach(this::review);
    ofCaches().forEach(StartupReview::say);
  }

  /** Findings about caches and their settings, which methods of later beans may settle. */
  private List<Finding> ofCaches() {
    List<Finding> all = new ArrayList<>();
    Set<String> caches = new TreeSet<>(methods.caches());
    caches.addAll(statistics.all().keySet());
    policies.settingsWithoutCache(caches).forEach(name -> all.add(unknown(name, caches)));
    all.addAll(declared.findings());
    return all;
  }

  private static Finding unknown(String name, Set<String> caches) {
    return Rule.UNKNOWN_CACHE.of(
        "larder.caches." + name,
        Set.of(),
        "speaks of a cache that no annotated method names; there are " + caches,
        "mend its name");
  }

  private void review(AnnotatedMethod annotated) {
    annotated.caches().forEach(policies::policy);
    MethodRules.of(annotated, methods.typeOf(annotated)).forEach(this::keep);
    FieldRules.of(annotated, cache -> policies.policy(cache).fields()).forEach(this::keep);
  }

  private void keep(Finding finding) {
    found.add(finding);
    say(finding);
  }

  private static void say(Finding finding) {
    if (finding.severity() == Severity.WRONG) {
      log.warn("{}", finding.line());
    } else {
      log.info("{}", finding.line());
    }
  }

  /** Returns what methods, annotations and settings say wrongly, of all beans made so far. */
  @Override
  public List<Finding> findings() {
    List<Finding> all = new ArrayList<>(found);
    all.addAll(ofCaches());
    return all;
  }
}
