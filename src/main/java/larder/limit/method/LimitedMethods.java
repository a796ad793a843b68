package larder.limit.method;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import larder.limit.CallerSource;
import larder.limit.LimitCatalog;
import larder.limit.RateLimited;
import larder.limit.RateLimited.By;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;

/**
 * The methods of the application's beans that have rate limits, found while the beans are made, and
 * checked at once. Thread-safe.
 */
public final class LimitedMethods implements BeanPostProcessor, SmartInitializingSingleton {

  private static final Logger log = LoggerFactory.getLogger(LimitedMethods.class);

  private final MethodLimitParser parser = new MethodLimitParser();
  private final Supplier<LimitCatalog> catalog;
  private final Supplier<@Nullable CallerSource> callers;
  private final Set<Class<?>> seen = ConcurrentHashMap.newKeySet();
  private final Map<Method, List<MethodLimit>> limits = new ConcurrentHashMap<>();

  /**
   * @param catalog takes the limits found
   * @param callers who makes calls; gives null where nobody can tell
   */
  public LimitedMethods(Supplier<LimitCatalog> catalog, Supplier<@Nullable CallerSource> callers) {
    this.catalog = catalog;
    this.callers = callers;
  }

  @Override
  public Object postProcessBeforeInitialization(Object bean, String name) {
    discover(ClassUtils.getUserClass(AopUtils.getTargetClass(bean)));
    return bean;
  }

  private synchronized void discover(Class<?> type) {
    if (seen.add(type) && AnnotationUtils.isCandidateClass(type, RateLimited.class)) {
      MethodIntrospector.selectMethods(type, this::limitsOn)
          .forEach((method, found) -> declare(type, method, found));
    }
  }

  private @Nullable List<MethodLimit> limitsOn(Method method) {
    List<MethodLimit> found = parser.parse(method);
    return found.isEmpty() ? null : found;
  }

  private void declare(Class<?> type, Method method, List<MethodLimit> found) {
    if (Modifier.isPrivate(method.getModifiers())
        || Modifier.isStatic(method.getModifiers())
        || Modifier.isFinal(method.getModifiers())
        || Modifier.isFinal(type.getModifiers())) {
      throw MethodLimitParser.invalid(
          method,
          "has no effect: a proxy cannot stand before a private, static or final method",
          "Make the method overridable.");
    }
    limits.put(method, found);
    String place = MethodLimitParser.place(method);
    found.forEach(one -> catalog.get().declare(one.limit(), place + ", by " + words(one.by())));
  }

  private static String words(By by) {
    return switch (by) {
      case USER -> "user";
      case IP -> "address";
      case KEY -> "key";
    };
  }

  /** Checks what is known only now: that somebody tells who calls, and settings without a limit. */
  @Override
  public void afterSingletonsInstantiated() {
    limits.forEach(
        (method, found) -> {
          boolean byCaller = found.stream().anyMatch(one -> one.by() != By.KEY);
          if (byCaller && callers.get() == null) {
            throw MethodLimitParser.invalid(
                method,
                "counts by user or address, and there is no web request to tell them",
                "Count by key, or add a bean of type CallerSource.");
          }
        });
    catalog
        .get()
        .unknownSettings()
        .forEach(
            name -> log.warn("larder.limits.{} speaks of a limit that nothing declares", name));
  }

  /** Whether a method has limits. */
  boolean isLimited(Method method, Class<?> targetClass) {
    discover(ClassUtils.getUserClass(targetClass));
    return !of(method, targetClass).isEmpty();
  }

  /** Returns the limits of a method; empty if it has none. */
  List<MethodLimit> of(Method method, Class<?> targetClass) {
    Class<?> type = ClassUtils.getUserClass(targetClass);
    Method specific = AopUtils.getMostSpecificMethod(method, type);
    return limits.getOrDefault(specific, List.of());
  }
}
