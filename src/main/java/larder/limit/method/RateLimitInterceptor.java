package larder.limit.method;

import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import larder.limit.CallerSource;
import larder.limit.Decision;
import larder.limit.DecisionListener;
import larder.limit.RateLimitExceededException;
import larder.limit.RateLimited.By;
import larder.limit.RateLimiter;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.context.expression.MethodBasedEvaluationContext;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.expression.EvaluationContext;

/** The advice on methods with rate limits: asks all of them in one step, and refuses or goes on. */
public final class RateLimitInterceptor implements MethodInterceptor {

  private final LimitedMethods methods;
  private final Supplier<RateLimiter> limiter;
  private final Supplier<@Nullable CallerSource> callers;
  private final Supplier<Stream<DecisionListener>> listeners;
  private final BeanFactoryResolver beans;
  private final DefaultParameterNameDiscoverer names = new DefaultParameterNameDiscoverer();

  /**
   * @param callers who makes calls; gives null where nobody can tell
   * @param beans the beans that expressions may name
   */
  public RateLimitInterceptor(
      LimitedMethods methods,
      Supplier<RateLimiter> limiter,
      Supplier<@Nullable CallerSource> callers,
      Supplier<Stream<DecisionListener>> listeners,
      BeanFactoryResolver beans) {
    this.methods = methods;
    this.limiter = limiter;
    this.callers = callers;
    this.listeners = listeners;
    this.beans = beans;
  }

  @Override
  public @Nullable Object invoke(MethodInvocation call) throws Throwable {
    Map<String, String> subjects = subjects(call);
    if (!subjects.isEmpty()) {
      Decision decision = limiter.get().ask(subjects);
      if (!decision.standings().isEmpty()) {
        listeners.get().forEach(listener -> listener.decided(decision));
      }
      if (!decision.allowed()) {
        throw new RateLimitExceededException(decision);
      }
    }
    return call.proceed();
  }

  /** Returns the subject of each limit that this call counts against. */
  private Map<String, String> subjects(MethodInvocation call) {
    Object target = call.getThis();
    Class<?> type = target == null ? call.getMethod().getDeclaringClass() : target.getClass();
    List<MethodLimit> limits = methods.of(call.getMethod(), type);
    Map<String, String> subjects = new LinkedHashMap<>();
    for (MethodLimit limit : limits) {
      EvaluationContext context = context(call, target);
      String subject = counts(limit, context) ? subject(limit, context) : null;
      if (subject != null) {
        subjects.put(limit.limit().name(), subject);
      }
    }
    return subjects;
  }

  private EvaluationContext context(MethodInvocation call, @Nullable Object target) {
    Method method = call.getMethod();
    var context = new MethodBasedEvaluationContext(target, method, call.getArguments(), names);
    context.setBeanResolver(beans);
    return context;
  }

  private static boolean counts(MethodLimit limit, EvaluationContext context) {
    return limit.condition() == null
        || Boolean.TRUE.equals(limit.condition().getValue(context, Boolean.class));
  }

  private @Nullable String subject(MethodLimit limit, EvaluationContext context) {
    if (limit.key() != null) {
      return "key:" + limit.key().getValue(context);
    }
    CallerSource caller = callers.get();
    if (caller == null) {
      return null;
    }
    String user = limit.by() == By.USER ? caller.user() : null;
    return user != null ? "user:" + user : network(caller);
  }

  private static @Nullable String network(CallerSource caller) {
    String network = caller.network();
    return network == null ? null : "network:" + network;
  }
}
