package larder.cache.bulk;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import larder.cache.manager.LarderCache.Puts;
import larder.cache.manager.LarderCacheManager;
import larder.cache.method.AnnotatedMethods;
import larder.cache.method.AnnotatedMethods.AnnotatedMethod;
import larder.cache.value.ValueType;
import larder.cache.value.ValueTypes;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.cache.interceptor.CacheableOperation;
import org.springframework.core.MethodClassKey;
import org.springframework.core.Nullness;

/** The bulk methods of an application, and the methods that share their entries. Thread-safe. */
public final class BulkMethods {

  private final Supplier<LarderCacheManager> manager;
  private final CacheOperationSource source;
  private final ValueTypes types;
  private final AnnotatedMethods methods;
  private final Map<MethodClassKey, BulkMethod> known = new ConcurrentHashMap<>();

  /**
   * @param manager gives the cache manager; asked at the first call
   * @param source tells what bulk annotations say
   */
  public BulkMethods(
      Supplier<LarderCacheManager> manager,
      CacheOperationSource source,
      ValueTypes types,
      AnnotatedMethods methods) {
    this.manager = manager;
    this.source = source;
    this.types = types;
    this.methods = methods;
  }

  /** Returns a method that has the annotation. */
  BulkMethod of(Method method, Class<?> target) {
    MethodClassKey key = new MethodClassKey(method, target);
    BulkMethod found = known.get(key);
    return found != null ? found : known.computeIfAbsent(key, any -> look(method, target));
  }

  private BulkMethod look(Method method, Class<?> target) {
    Collection<CacheOperation> operations = source.getCacheOperations(method, target);
    for (CacheOperation operation : operations == null ? List.<CacheOperation>of() : operations) {
      if (operation instanceof BulkCacheableOperation bulk) {
        BulkSignature signature = BulkSignature.of(method, target);
        ValueType type = types.of(signature.value());
        return new BulkMethod(
            manager.get().getCache(bulk.cache()).forMethod(type, Puts.LOADED),
            type,
            signature.takesSet(),
            bulk.ownRows());
      }
    }
    throw new IllegalStateException(method + " is not @BulkCacheable");
  }

  /**
   * Whether the methods for single ids, all that there are, bear to be answered "not found" from
   * the cache: those that return an {@code Optional} or say that they may return null. One that
   * throws if there is nothing does not.
   */
  boolean mayRememberNotFound(BulkMethod bulk) {
    return methods.of(bulk.cache().getName()).stream()
        .filter(method -> isSingle(method, bulk.cache().getName()))
        .filter(method -> methods.typeOf(method).equals(bulk.type()))
        .map(AnnotatedMethod::method)
        .allMatch(
            method ->
                method.getReturnType() == Optional.class
                    || Nullness.forMethodReturnType(method) == Nullness.NULLABLE);
  }

  /** Whether a method is for one id, as far as its annotations tell, and looks into a cache. */
  static boolean isSingle(AnnotatedMethod method, String cache) {
    return !isBulk(method)
        && method.operations().stream()
            .filter(CacheableOperation.class::isInstance)
            .anyMatch(operation -> operation.getCacheNames().contains(cache));
  }

  /** Whether a method is for several ids. */
  static boolean isBulk(AnnotatedMethod method) {
    return method.operations().stream().anyMatch(BulkCacheableOperation.class::isInstance);
  }
}
