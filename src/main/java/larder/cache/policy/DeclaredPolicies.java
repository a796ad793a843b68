package larder.cache.policy;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import larder.cache.CachePolicy;
import larder.cache.Encoding;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.core.annotation.RepeatableContainers;
import org.springframework.util.unit.DataSize;

/**
 * The {@link CachePolicy} annotations found so far, by cache.
 *
 * <p>Thread-safe. An annotation counts from the moment its class is {@link #add added}, which is
 * before any of the class's methods can be called.
 */
public final class DeclaredPolicies {

  /** A policy, where it stands, and whether it means the cache by name or as one of its class. */
  private record Declaration(AnnotatedElement where, CachePolicy policy, boolean byName) {

    /** Returns the class or method in short. */
    String place() {
      return where instanceof Method method
          ? method.getDeclaringClass().getSimpleName() + "." + method.getName()
          : where instanceof Class<?> type ? type.getSimpleName() : where.toString();
    }
  }

  private final Map<String, Declaration> byCache = new ConcurrentHashMap<>();
  private final AtomicLong changes = new AtomicLong();

  /**
   * Takes over the policies written on a class or method.
   *
   * @param element the class or method
   * @param caches the caches that its cache annotations name; meant by a policy that names none
   * @throws InvalidPolicyException if a policy is wrong, names no cache, or contradicts another
   */
  public void add(AnnotatedElement element, Set<String> caches) {
    policiesOn(element).forEach(policy -> add(element, policy, caches));
  }

  private void add(AnnotatedElement element, CachePolicy policy, Set<String> caches) {
    Collection<String> meant = policy.caches().length > 0 ? List.of(policy.caches()) : caches;
    if (meant.isEmpty()) {
      throw new InvalidPolicyException(
          "@CachePolicy on %s names no cache, and no cache annotation there does"
              .formatted(element),
          "Name the caches: @CachePolicy(caches = \"...\").");
    }
    boolean byName = policy.caches().length > 0 || element instanceof Method;
    meant.forEach(cache -> add(cache, new Declaration(element, policy, byName)));
  }

  /** Returns a number that grows with every annotation added. */
  long changes() {
    return changes.get();
  }

  /** Returns the annotation that speaks of a cache; null if none does. */
  public @Nullable CachePolicy find(String cache) {
    Declaration declaration = byCache.get(cache);
    return declaration == null ? null : declaration.policy();
  }

  /** Returns the class or method whose annotation speaks of a cache; empty if none does. */
  String where(String cache) {
    Declaration declaration = byCache.get(cache);
    return declaration == null ? "" : declaration.place();
  }

  private void add(String cache, Declaration declaration) {
    duration(cache, "ttl", declaration.policy().ttl());
    duration(cache, "notFoundTtl", declaration.policy().notFoundTtl());
    duration(cache, "maxLife", declaration.policy().maxLife());
    duration(cache, "staleOnError", declaration.policy().staleOnError());
    encoding(cache, declaration.policy().encoding());
    size(cache, declaration.policy().compressAbove());
    byCache.merge(cache, declaration, (a, b) -> chosen(cache, a, b));
    changes.incrementAndGet();
  }

  private static Declaration chosen(String cache, Declaration a, Declaration b) {
    if (a.byName() != b.byName()) {
      return a.byName() ? a : b;
    } else if (sameSaid(a.policy(), b.policy())) {
      return a;
    }
    throw new InvalidPolicyException(
        "Cache '%s' has two different @CachePolicy annotations: on %s and on %s"
            .formatted(cache, a.where(), b.where()),
        "Keep one of them, or make them equal.");
  }

  private static boolean sameSaid(CachePolicy a, CachePolicy b) {
    return a.ttl().equals(b.ttl())
        && a.notFoundTtl().equals(b.notFoundTtl())
        && a.jitter() == b.jitter()
        && a.version() == b.version()
        && a.maxLife().equals(b.maxLife())
        && a.earlyRefresh() == b.earlyRefresh()
        && a.staleOnError().equals(b.staleOnError())
        && a.tracking() == b.tracking()
        && a.sensitive() == b.sensitive()
        && a.fields() == b.fields()
        && Arrays.equals(a.encoding(), b.encoding())
        && a.compressAbove().equals(b.compressAbove());
  }

  /** Returns the duration that an annotation's text means; null if the text is empty. */
  static @Nullable Duration duration(String cache, String attribute, String text) {
    if (text.isEmpty()) {
      return null;
    }
    try {
      return DurationStyle.detectAndParse(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidPolicyException(
          "Cache '%s': %s of its @CachePolicy must be a duration, was: \"%s\""
              .formatted(cache, attribute, text),
          "Write it like 90s, 5m, 1h or PT1H.");
    }
  }

  /** Returns the encoding that an annotation names; null if it names none. */
  static @Nullable Encoding encoding(String cache, Encoding[] named) {
    if (named.length > 1) {
      throw new InvalidPolicyException(
          "Cache '%s': encoding of its @CachePolicy must be one, was: %s"
              .formatted(cache, Arrays.toString(named)),
          "Keep one of them. Entries of the others are read all the same.");
    }
    return named.length == 0 ? null : named[0];
  }

  /** Returns the size that an annotation's text means; null if the text is empty. */
  static @Nullable DataSize size(String cache, String text) {
    if (text.isEmpty()) {
      return null;
    }
    try {
      return DataSize.parse(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidPolicyException(
          "Cache '%s': compressAbove of its @CachePolicy must be a size, was: \"%s\""
              .formatted(cache, text),
          "Write it like 512B, 4KB or 1MB.");
    }
  }

  /** Returns the policies nearest to an element: what a class says replaces what it inherits. */
  private static List<CachePolicy> policiesOn(AnnotatedElement element) {
    var found =
        MergedAnnotations.from(
                element, SearchStrategy.TYPE_HIERARCHY, RepeatableContainers.standardRepeatables())
            .stream(CachePolicy.class)
            .toList();
    int nearest = found.stream().mapToInt(MergedAnnotation::getAggregateIndex).min().orElse(0);
    return found.stream()
        .filter(merged -> merged.getAggregateIndex() == nearest)
        .map(merged -> merged.synthesize())
        .toList();
  }
}
