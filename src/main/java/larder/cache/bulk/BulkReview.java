package larder.cache.bulk;

import java.lang.reflect.Method;
import java.util.List;
import java.util.regex.Pattern;
import larder.cache.method.AnnotatedMethods;
import larder.cache.method.AnnotatedMethods.AnnotatedMethod;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheableOperation;
import org.springframework.util.StringUtils;

/**
 * A look at the bulk methods once the beans are made: those that share nothing with the methods of
 * their cache are named in the log.
 */
public final class BulkReview implements SmartInitializingSingleton {

  private static final Logger log = LoggerFactory.getLogger(BulkReview.class);

  /** A key that is an argument itself. */
  private static final Pattern ARGUMENT = Pattern.compile("#(?!root\\b|result\\b)\\w+");

  private final AnnotatedMethods methods;

  public BulkReview(AnnotatedMethods methods) {
    this.methods = methods;
  }

  @Override
  public void afterSingletonsInstantiated() {
    for (String cache : methods.caches()) {
      List<AnnotatedMethod> users = methods.of(cache);
      for (AnnotatedMethod bulk : users) {
        if (BulkMethods.isBulk(bulk)) {
          users.stream()
              .filter(one -> BulkMethods.isSingle(one, cache))
              .forEach(one -> compare(cache, bulk, one));
        }
      }
    }
  }

  private void compare(String cache, AnnotatedMethod bulk, AnnotatedMethod single) {
    if (!methods.typeOf(bulk).equals(methods.typeOf(single))) {
      say(
          cache,
          bulk,
          single,
          "their values are of different types: %s and %s"
              .formatted(methods.typeOf(bulk), methods.typeOf(single)));
    }
    for (CacheOperation operation : single.operations()) {
      if (operation instanceof CacheableOperation
          && operation.getCacheNames().contains(cache)
          && !isOwnKey(operation, single.method(), bulk.method())) {
        say(
            cache,
            bulk,
            single,
            BulkSignature.hasCommon(bulk.method())
                ? "the keys of the one have two parts, and of the other something else"
                : "the keys of the one are ids, and of the other something else");
      }
    }
  }

  private static boolean isOwnKey(CacheOperation operation, Method single, Method bulk) {
    String key = operation.getKey();
    if (StringUtils.hasText(operation.getKeyGenerator())) {
      return false;
    } else if (key.isEmpty()) {
      return single.getParameterCount() == bulk.getParameterCount();
    }
    return BulkSignature.hasCommon(bulk)
        ? key.contains("SimpleKey")
        : ARGUMENT.matcher(key).matches();
  }

  private static void say(String cache, AnnotatedMethod bulk, AnnotatedMethod single, String why) {
    log.warn(
        "Cache '{}': {} and {} share no entries, since {}. Give one of them a cache of its own",
        cache,
        bulk.method().getName(),
        single.method().getName(),
        why);
  }
}
