package larder.cache.bulk;

import java.io.Serializable;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import larder.cache.BulkCacheable;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.annotation.AnnotationCacheOperationSource;
import org.springframework.cache.annotation.CacheAnnotationParser;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.Caching;
import org.springframework.cache.interceptor.CacheOperation;
import org.springframework.cache.interceptor.CacheOperationSource;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;

/** Reads {@code @BulkCacheable}; refuses it where it cannot hold. */
public final class BulkAnnotationParser implements CacheAnnotationParser, Serializable {

  private static final long serialVersionUID = 1L;

  private BulkAnnotationParser() {}

  /** Returns a source of what bulk annotations say, and no others. */
  public static CacheOperationSource source() {
    AnnotationCacheOperationSource source =
        new AnnotationCacheOperationSource(new BulkAnnotationParser());
    source.setPublicMethodsOnly(false);
    return source;
  }

  @Override
  public boolean isCandidateClass(Class<?> type) {
    return AnnotationUtils.isCandidateClass(type, BulkCacheable.class);
  }

  @Override
  public @Nullable Collection<CacheOperation> parseCacheAnnotations(Class<?> type) {
    return null;
  }

  @Override
  public @Nullable Collection<CacheOperation> parseCacheAnnotations(Method method) {
    BulkCacheable annotation =
        AnnotatedElementUtils.findMergedAnnotation(method, BulkCacheable.class);
    if (annotation == null) {
      return null;
    }
    BulkSignature.checkShape(method);
    if (annotation.value().isBlank()) {
      throw new InvalidBulkMethodException(method, "names no cache", "name one");
    } else if (isSprings(method) || isSprings(method.getDeclaringClass())) {
      throw new InvalidBulkMethodException(
          method,
          "has another cache annotation, on itself or its class",
          "leave the method to @BulkCacheable alone");
    }
    if (annotation.ownRows().length > 0 && BulkSignature.hasCommon(method)) {
      throw new InvalidBulkMethodException(
          method,
          "names ownRows, while its keys are made of two arguments and are no ids of rows",
          "leave ownRows out");
    }
    return List.of(BulkCacheableOperation.of(method, annotation));
  }

  private static boolean isSprings(AnnotatedElement element) {
    return Stream.of(Cacheable.class, CachePut.class, CacheEvict.class, Caching.class)
        .anyMatch(one -> AnnotatedElementUtils.hasAnnotation(element, one));
  }
}
