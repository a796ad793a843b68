package larder.cache.method;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import larder.cache.manager.LarderCache;
import larder.cache.manager.LarderCache.Puts;
import larder.cache.manager.LarderCacheManager;
import larder.cache.value.ValueTypes;
import org.springframework.cache.Cache;
import org.springframework.cache.interceptor.BasicOperation;
import org.springframework.cache.interceptor.CacheOperationInvocationContext;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.CacheableOperation;
import org.springframework.util.StringUtils;

/**
 * Gives each annotated method its own view of its caches, typed by what it declares to return.
 *
 * <p>Views are made once for each method. Thread-safe.
 */
public final class MethodCacheResolver implements CacheResolver {

  private record Use(Method method, Class<?> target, BasicOperation operation) {}

  private final Supplier<LarderCacheManager> manager;
  private final ValueTypes types;
  private final Map<Use, List<LarderCache>> views = new ConcurrentHashMap<>();

  /**
   * @param manager gives the cache manager; asked at the first call
   */
  public MethodCacheResolver(Supplier<LarderCacheManager> manager, ValueTypes types) {
    this.manager = manager;
    this.types = types;
  }

  @Override
  public Collection<? extends Cache> resolveCaches(CacheOperationInvocationContext<?> context) {
    Use use =
        new Use(
            context.getMethod(),
            org.springframework.aop.framework.AopProxyUtils.ultimateTargetClass(
                context.getTarget()),
            context.getOperation());
    return views(use);
  }

  private List<LarderCache> views(Use use) {
    List<LarderCache> known = views.get(use);
    return known != null ? known : views.computeIfAbsent(use, this::make);
  }

  /** Returns a method's view of the only cache of an operation. */
  LarderCache view(Method method, Class<?> target, CacheableOperation operation) {
    return views(new Use(method, target, operation)).get(0);
  }

  private List<LarderCache> make(Use use) {
    return use.operation().getCacheNames().stream().map(name -> view(name, use)).toList();
  }

  private LarderCache view(String name, Use use) {
    LarderCache cache = manager.get().getCache(name);
    return cache.forMethod(types.returnedBy(use.method(), use.target()), puts(use.operation()));
  }

  private static Puts puts(BasicOperation operation) {
    if (!(operation instanceof CacheableOperation cacheable)) {
      return Puts.NEWS;
    }
    return StringUtils.hasText(cacheable.getUnless()) ? Puts.LOADED_UNLESS_REFUSED : Puts.LOADED;
  }
}
