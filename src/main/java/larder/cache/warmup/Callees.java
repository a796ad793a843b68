package larder.cache.warmup;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import larder.cache.method.AnnotatedMethods;
import larder.cache.method.AnnotatedMethods.AnnotatedMethod;
import larder.cache.policy.PolicyCatalog;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.util.ReflectionUtils;

/**
 * The methods of the present program whose calls can be remembered, as of the moment in which this
 * was made: {@linkplain RememberedMethods those} of beans that exist once, unless a cache that they
 * name is sensitive or all are switched off.
 */
final class Callees {

  private final List<Callee> all;

  Callees(List<Callee> all) {
    this.all = List.copyOf(all);
  }

  /** Returns those of all beans made so far. */
  static Callees of(BeanFactory beans, AnnotatedMethods methods, PolicyCatalog policies) {
    List<Callee> all = new ArrayList<>();
    methods
        .beans()
        .forEach(
            (name, type) -> {
              Object bean = proxy(beans, name);
              if (bean != null) {
                methods.of(type).stream()
                    .filter(RememberedMethods::include)
                    .filter(one -> one.caches().stream().noneMatch(isSensitive(policies)))
                    .forEach(one -> add(name, bean, one, policies, all));
              }
            });
    return new Callees(all);
  }

  private static Predicate<String> isSensitive(PolicyCatalog policies) {
    return cache -> policies.policy(cache).sensitive();
  }

  private static @Nullable Object proxy(BeanFactory beans, String name) {
    Object bean = beans.containsBean(name) && beans.isSingleton(name) ? beans.getBean(name) : null;
    return bean != null && AopUtils.isAopProxy(bean) ? bean : null;
  }

  private static void add(
      String bean, Object proxy, AnnotatedMethod found, PolicyCatalog policies, List<Callee> all) {
    Set<String> caches = new TreeSet<>(found.caches());
    caches.removeIf(cache -> !policies.policy(cache).enabled());
    Method method = invocable(found.method(), proxy);
    if (method != null && !caches.isEmpty()) {
      all.add(new Callee(bean, proxy, method, caches));
    }
  }

  private static @Nullable Method invocable(Method method, Object proxy) {
    try {
      Method found = AopUtils.selectInvocableMethod(method, proxy.getClass());
      ReflectionUtils.makeAccessible(found);
      return found;
    } catch (IllegalStateException notOfTheProxy) {
      return null;
    }
  }

  /** Returns the names of all their caches, in order. */
  Set<String> caches() {
    Set<String> names = new TreeSet<>();
    all.forEach(callee -> names.addAll(callee.caches()));
    return names;
  }

  /** Returns the method that was called of a proxy of some class; null if it is none of these. */
  @Nullable Callee called(Class<?> proxy, Method method) {
    List<Callee> found =
        all.stream()
            .filter(callee -> callee.proxy().getClass() == proxy)
            .filter(callee -> isSame(callee.method(), method))
            .toList();
    return found.size() == 1 ? found.get(0) : null;
  }

  private static boolean isSame(Method one, Method other) {
    return one.getName().equals(other.getName())
        && Arrays.equals(one.getParameterTypes(), other.getParameterTypes());
  }

  /** Returns the call of some text of a cache; null if there is no such call, or more than one. */
  @Nullable RememberedCall read(String cache, String text) {
    CallText call = CallText.read(text);
    RememberedCall found = null;
    for (Callee callee : all) {
      List<@Nullable Object> arguments =
          call != null && isNamed(callee, cache, call) ? call.argumentsFor(callee.method()) : null;
      if (arguments != null && found != null) {
        return null;
      } else if (arguments != null) {
        found = new RememberedCall(callee, arguments);
      }
    }
    return found;
  }

  private static boolean isNamed(Callee callee, String cache, CallText call) {
    return callee.caches().contains(cache)
        && callee.bean().equals(call.bean())
        && callee.method().getName().equals(call.method());
  }

  /** Returns the text of a call; null if it would not be read as the same. */
  @Nullable String write(Callee callee, List<@Nullable Object> arguments) {
    String text = CallText.write(callee.bean(), callee.method().getName(), arguments);
    String cache = callee.caches().iterator().next();
    RememberedCall read = text == null ? null : read(cache, text);
    return read != null && read.callee().equals(callee) && read.arguments().equals(arguments)
        ? text
        : null;
  }
}
