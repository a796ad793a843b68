package larder.cache.method;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import larder.cache.method.AnnotatedMethods.AnnotatedMethod;
import larder.cache.policy.PolicyCatalog;
import larder.cache.value.ValueType;
import larder.cache.value.ValueType.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.util.StringUtils;

/**
 * A look at all annotated methods once the beans are made, and at those of later beans when they
 * are: what cannot hold stops the start, what will not be cached is said by the method's name.
 */
public final class StartupReview implements SmartInitializingSingleton {

  private static final Logger log = LoggerFactory.getLogger(StartupReview.class);

  private final AnnotatedMethods methods;
  private final PolicyCatalog policies;

  public StartupReview(AnnotatedMethods methods, PolicyCatalog policies) {
    this.methods = methods;
    this.policies = policies;
  }

  @Override
  public void afterSingletonsInstantiated() {
    policies.check();
    Set<String> caches = new TreeSet<>();
    for (AnnotatedMethod method : methods.reviewedBy(this::review)) {
      review(method);
      caches.addAll(method.caches());
    }
    policies
        .settingsWithoutCache(caches)
        .forEach(
            name ->
                log.warn(
                    "larder.caches.{} speaks of a cache that no annotated method names; there are {}",
                    name,
                    caches));
  }

  private void review(AnnotatedMethod annotated) {
    annotated.caches().forEach(policies::policy);
    if (annotated.carriesValue()) {
      reviewType(annotated);
      reviewCaches(annotated);
    }
  }

  private void reviewType(AnnotatedMethod annotated) {
    ValueType type = methods.typeOf(annotated);
    if (annotated.method().getReturnType().getName().startsWith("reactor.")) {
      tell(annotated, "it returns a reactive type; return the value or a CompletableFuture");
    }
    if (annotated.method().getReturnType() == CompletionStage.class) {
      tell(
          annotated, "Spring caches of a CompletionStage only the CompletableFuture; declare that");
    } else if (type.soundness().level() == Level.UNSOUND) {
      tell(annotated, type.soundness().reason());
    }
  }

  private static void reviewCaches(AnnotatedMethod annotated) {
    for (CacheOperation operation : annotated.operations()) {
      if (StringUtils.hasText(operation.getCacheManager())
          || StringUtils.hasText(operation.getCacheResolver())) {
        log.warn(
            "{}.{} names a cacheManager or cacheResolver: its values are not typed by what it"
                + " returns, and callers who miss at the same time each load; leave the name out",
            annotated.method().getDeclaringClass().getSimpleName(),
            annotated.method().getName());
      }
    }
  }

  private static void tell(AnnotatedMethod annotated, String reason) {
    log.warn(
        "{}.{} is not cached, every call goes to the method: {}",
        annotated.method().getDeclaringClass().getSimpleName(),
        annotated.method().getName(),
        reason);
  }
}
