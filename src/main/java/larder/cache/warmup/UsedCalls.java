package larder.cache.warmup;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import larder.cache.method.UsageSampler;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.core.MethodClassKey;

/**
 * How often which calls are made of this node: all loads, and some hits drawn by lot, each of which
 * stands for all that were not. Thread-safe.
 */
final class UsedCalls implements UsageSampler {

  private static final int LONGEST_TEXT = 200;

  private final int wanted;
  private final int oneIn;
  private final Map<MethodClassKey, Method> methods = new ConcurrentHashMap<>();

  /**
   * A method as callers see it.
   *
   * @param proxy the class of the bean's proxy
   * @param method the method that was called
   * @param uses what it is called with
   */
  record Method(Class<?> proxy, java.lang.reflect.Method method, Uses uses) {}

  /**
   * @param wanted how many calls of a method are asked for
   * @param oneIn of so many hits one is drawn, at least 1
   */
  UsedCalls(int wanted, int oneIn) {
    this.wanted = wanted;
    this.oneIn = oneIn;
  }

  @Override
  public void answered(MethodInvocation invocation, boolean loaded) {
    if (loaded) {
      if (!WarmingThread.noteLoad()) {
        add(invocation, 1);
      }
    } else if (ThreadLocalRandom.current().nextInt(oneIn) == 0) {
      add(invocation, oneIn);
    }
  }

  private void add(MethodInvocation invocation, long count) {
    if (invocation instanceof ProxyMethodInvocation proxied
        && RememberedMethods.takesScalars(invocation.getMethod())
        && areShort(invocation.getArguments())) {
      Class<?> proxy = proxied.getProxy().getClass();
      Method method =
          methods.computeIfAbsent(
              new MethodClassKey(invocation.getMethod(), proxy),
              any -> new Method(proxy, invocation.getMethod(), new Uses(wanted)));
      method.uses().add(copy(invocation.getArguments()), count);
    }
  }

  private static boolean areShort(@Nullable Object[] arguments) {
    for (Object argument : arguments) {
      if (argument instanceof String text && text.length() > LONGEST_TEXT) {
        return false;
      }
    }
    return true;
  }

  private static List<@Nullable Object> copy(@Nullable Object[] arguments) {
    return Collections.unmodifiableList(Arrays.asList(arguments.clone()));
  }

  /** Ends a span of all methods, as {@link Uses#endSpan} does. */
  void endSpan(double left) {
    methods.values().forEach(method -> method.uses().endSpan(left));
  }

  /** Shows every method called so far. */
  void forEach(Consumer<Method> viewer) {
    methods.values().forEach(viewer);
  }
}
