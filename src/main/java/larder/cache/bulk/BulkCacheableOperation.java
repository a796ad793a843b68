package larder.cache.bulk;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Set;
import larder.cache.BulkCacheable;
import larder.cache.method.ValuedOperation;
import org.springframework.cache.interceptor.CacheableOperation;

/** What {@code @BulkCacheable} says of a method. */
public final class BulkCacheableOperation extends CacheableOperation implements ValuedOperation {

  private final Set<String> ownRows;

  private BulkCacheableOperation(Builder builder, Set<String> ownRows) {
    super(builder);
    this.ownRows = ownRows;
  }

  static BulkCacheableOperation of(Method method, BulkCacheable annotation) {
    Builder builder = new Builder();
    builder.setName(method.toString());
    builder.setCacheName(annotation.value());
    return new BulkCacheableOperation(builder, Set.of(annotation.ownRows()));
  }

  /** Returns the tables of which a value is made of its own row alone. */
  Set<String> ownRows() {
    return ownRows;
  }

  /** Returns the name of the cache. */
  String cache() {
    return getCacheNames().iterator().next();
  }

  @Override
  public Type valueType(Method method, Class<?> target) {
    return BulkSignature.of(method, target).value();
  }
}
