package larder.cache.autoconfigure;

import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import larder.cache.manager.LarderCacheManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.CachingConfigurer;
import org.springframework.cache.interceptor.CacheOperationInvocationContext;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.interceptor.SimpleCacheResolver;

/**
 * The caches of annotated methods: those that a {@link CachingConfigurer} of the application
 * chooses, else the layer's. Asked at the first call. Thread-safe.
 */
final class ChosenCaches implements CacheResolver {

  private static final Logger log = LoggerFactory.getLogger(ChosenCaches.class);

  private final CacheResolver own;
  private final Supplier<List<CachingConfigurer>> configurers;
  private volatile @Nullable CacheResolver chosen;

  /**
   * @param own the layer's resolver
   * @param configurers gives the application's configurers
   */
  ChosenCaches(CacheResolver own, Supplier<List<CachingConfigurer>> configurers) {
    this.own = own;
    this.configurers = configurers;
  }

  @Override
  public Collection<? extends Cache> resolveCaches(CacheOperationInvocationContext<?> context) {
    return chosen().resolveCaches(context);
  }

  /** Returns the resolver that counts. */
  CacheResolver chosen() {
    CacheResolver known = chosen;
    if (known == null) {
      known = choose();
      chosen = known;
    }
    return known;
  }

  private CacheResolver choose() {
    for (CachingConfigurer configurer : configurers.get()) {
      CacheResolver resolver = configurer.cacheResolver();
      CacheManager manager = resolver == null ? configurer.cacheManager() : null;
      if (resolver != null) {
        warn(configurer, "cacheResolver()");
        return resolver;
      } else if (manager != null && !(manager instanceof LarderCacheManager)) {
        warn(configurer, "cacheManager()");
        return new SimpleCacheResolver(manager);
      }
    }
    return own;
  }

  private static void warn(CachingConfigurer configurer, String method) {
    log.warn(
        "{}.{} chooses the caches of all annotated methods: their values are not typed by what the"
            + " methods return, and callers who miss at the same time each load; return null from"
            + " it to have Larder choose",
        configurer.getClass().getSimpleName(),
        method);
  }
}
