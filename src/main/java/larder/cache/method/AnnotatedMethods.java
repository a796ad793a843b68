package larder.cache.method;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import larder.cache.policy.DeclaredPolicies;
import larder.cache.value.ValueType;
import larder.cache.value.ValueTypes;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.cache.interceptor.CacheEvictOperation;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.cache.interceptor.CacheableOperation;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * The annotated methods of all beans made so far, and the policies written beside them.
 *
 * <p>A bean's methods are known before any of them can be called. Thread-safe.
 */
public final class AnnotatedMethods implements BeanPostProcessor, PriorityOrdered {

  /**
   * One annotated method.
   *
   * @param method the method
   * @param target the class called
   * @param operations what its annotations say
   */
  public record AnnotatedMethod(
      Method method, Class<?> target, Collection<CacheOperation> operations) {

    /** Returns the caches that its annotations name. */
    public Set<String> caches() {
      return operations.stream()
          .flatMap(operation -> operation.getCacheNames().stream())
          .collect(Collectors.toSet());
    }

    /** Whether its return value is ever put or looked up. */
    public boolean carriesValue() {
      return !operations.stream().allMatch(CacheEvictOperation.class::isInstance);
    }
  }

  private final CacheOperationSource source;
  private final DeclaredPolicies policies;
  private final ValueTypes types;
  private final Set<Class<?>> seen = ConcurrentHashMap.newKeySet();
  private final Set<Class<?>> annotated = ConcurrentHashMap.newKeySet();
  private final Map<String, Class<?>> beans = new ConcurrentHashMap<>();
  private final Set<AnnotatedMethod> methods = ConcurrentHashMap.newKeySet();
  private volatile Consumer<AnnotatedMethod> review = method -> {};

  /**
   * @param source tells what annotations say
   * @param policies takes the policies found
   * @param types surveys what the methods return
   */
  public AnnotatedMethods(
      CacheOperationSource source, DeclaredPolicies policies, ValueTypes types) {
    this.source = source;
    this.policies = policies;
    this.types = types;
  }

  /** Before the beans that proxies are made of, so as to miss none. */
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }

  @Override
  public Object postProcessBeforeInitialization(Object bean, String name) {
    discover(bean, name);
    return bean;
  }

  /** Sees also what a factory bean made, such as a repository. */
  @Override
  public Object postProcessAfterInitialization(Object bean, String name) {
    discover(bean, name);
    return bean;
  }

  /** Returns the methods found so far, and has those of beans made later reviewed when found. */
  public Collection<AnnotatedMethod> reviewedBy(Consumer<AnnotatedMethod> reviewer) {
    review = reviewer;
    return List.copyOf(methods);
  }

  /** Returns the methods whose annotations name a cache, found so far. */
  public List<AnnotatedMethod> of(String cache) {
    return methods.stream().filter(method -> method.caches().contains(cache)).toList();
  }

  /**
   * Returns the classes of the beans that have such methods, by the beans' names. A method's {@link
   * AnnotatedMethod#target} is one of them.
   */
  public Map<String, Class<?>> beans() {
    return Map.copyOf(beans);
  }

  /** Returns the methods of a class, found so far. */
  public List<AnnotatedMethod> of(Class<?> target) {
    return methods.stream().filter(method -> method.target().equals(target)).toList();
  }

  /** Returns the caches that the annotations of the methods found so far name. */
  public Set<String> caches() {
    return methods.stream().flatMap(method -> method.caches().stream()).collect(Collectors.toSet());
  }

  /** Returns the names of the caches whose values come from methods, in alphabetical order. */
  public Set<String> cachesWithValues() {
    return methods.stream()
        .filter(AnnotatedMethod::carriesValue)
        .flatMap(method -> method.caches().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whether a method's annotation puts into a cache or evicts from it. */
  public boolean isChangedByAny(String cache) {
    return methods.stream()
        .flatMap(method -> method.operations().stream())
        .filter(one -> !(one instanceof CacheableOperation))
        .anyMatch(one -> one.getCacheNames().contains(cache));
  }

  /** Returns the type of the values that are cached for a method. */
  public ValueType typeOf(AnnotatedMethod annotated) {
    for (CacheOperation operation : annotated.operations()) {
      if (operation instanceof ValuedOperation valued) {
        return types.of(valued.valueType(annotated.method(), annotated.target()));
      }
    }
    return types.returnedBy(annotated.method(), annotated.target());
  }

  /** Returns the types that the methods of a cache declare, each once. */
  public Collection<ValueType> declaredTypes(String cache) {
    return methods.stream()
        .filter(AnnotatedMethod::carriesValue)
        .filter(method -> method.caches().contains(cache))
        .map(this::typeOf)
        .collect(Collectors.toSet());
  }

  private void discover(Object bean, String name) {
    Class<?> type =
        AopUtils.isJdkDynamicProxy(bean) ? bean.getClass() : AopUtils.getTargetClass(bean);
    if (source.isCandidateClass(type) && seen.add(type)) {
      discover(type);
    }
    if (annotated.contains(type)) {
      beans.put(name, type);
    }
  }

  private void discover(Class<?> type) {
    Map<Method, Collection<CacheOperation>> found =
        MethodIntrospector.selectMethods(type, (Method m) -> source.getCacheOperations(m, type));
    Set<String> caches = new HashSet<>();
    List<AnnotatedMethod> added = new ArrayList<>();
    found.forEach(
        (method, operations) -> {
          AnnotatedMethod annotated = new AnnotatedMethod(method, type, operations);
          added.add(annotated);
          caches.addAll(annotated.caches());
          policies.add(method, annotated.caches());
        });
    policies.add(type, caches);
    methods.addAll(added);
    if (!added.isEmpty()) {
      annotated.add(type);
    }
    added.forEach(review);
  }
}
