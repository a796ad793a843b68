package larder.cache.adviser;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import larder.cache.method.AnnotatedMethods.AnnotatedMethod;
import org.springframework.cache.interceptor.CacheEvictOperation;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.util.StringUtils;

/** What does not fit in methods of caches whose entries are fields of hashes. */
final class FieldRules {

  /** A key that is sure to be none of two parts: an argument, a part of one, a text, a list. */
  private static final Pattern ONE_PART =
      Pattern.compile("\\s*(#\\w+(\\.\\w+(\\(\\))?)*|'[^']*'|\\d+|\\{.*})\\s*");

  private FieldRules() {}

  /**
   * Returns what is wrong with a method.
   *
   * @param fields whether a cache's entries are fields
   */
  static List<Finding> of(AnnotatedMethod annotated, Predicate<String> fields) {
    List<Finding> found = new ArrayList<>();
    for (CacheOperation operation : annotated.operations()) {
      for (String cache : operation.getCacheNames()) {
        if (fields.test(cache) && !mayHaveTwoParts(operation, annotated.method())) {
          found.add(finding(annotated, cache));
        }
      }
    }
    return found;
  }

  private static boolean mayHaveTwoParts(CacheOperation operation, Method method) {
    if (operation instanceof CacheEvictOperation evict && evict.isCacheWide()) {
      return true;
    } else if (StringUtils.hasText(operation.getKeyGenerator())) {
      return true;
    }
    return StringUtils.hasText(operation.getKey())
        ? !ONE_PART.matcher(operation.getKey()).matches()
        : method.getParameterCount() == 2;
  }

  private static Finding finding(AnnotatedMethod annotated, String cache) {
    Method method = annotated.method();
    return Rule.NO_FIELD.of(
        method.getDeclaringClass().getSimpleName() + "." + method.getName(),
        Set.of(cache),
        "has a key that is not of two parts, while cache '%s' keeps fields: its entries have keys of their own"
            .formatted(cache),
        "give it two arguments or key = \"new org.springframework.cache.interceptor.SimpleKey(#a, #b)\", or another cache");
  }
}
