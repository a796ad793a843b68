package larder.cache.value;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.core.GenericTypeResolver;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.type.TypeFactory;

/** The types of cached values, each surveyed once. Thread-safe. */
public final class ValueTypes {

  private final TypeFactory types;
  private final Map<JavaType, ValueType> surveyed = new ConcurrentHashMap<>();

  /**
   * @param types builds types, taken from the mapper that reads them
   */
  public ValueTypes(TypeFactory types) {
    this.types = types;
  }

  /** Returns a type as it is. */
  public ValueType of(Type type) {
    return of(types.constructType(type));
  }

  /**
   * Returns the type of the values that Spring caches for a method: what it returns, taken out of
   * an {@code Optional}, a {@code CompletableFuture} or a reactive type.
   *
   * @param targetClass the class called, which may fix the type variables of an inherited method
   */
  public ValueType returnedBy(Method method, Class<?> targetClass) {
    Type declared = GenericTypeResolver.resolveType(method.getGenericReturnType(), targetClass);
    return of(unwrapped(types.constructType(declared)));
  }

  private ValueType of(JavaType type) {
    return surveyed.computeIfAbsent(type, t -> TypeSurvey.of(t, types));
  }

  private JavaType unwrapped(JavaType declared) {
    JavaType content = declared.containedTypeOrUnknown(0);
    if (declared.hasRawClass(Optional.class)
        || declared.hasRawClass(CompletableFuture.class)
        || declared.getRawClass().getName().equals("reactor.core.publisher.Mono")) {
      return content;
    } else if (declared.getRawClass().getName().equals("reactor.core.publisher.Flux")) {
      return types.constructCollectionType(List.class, content);
    }
    return declared;
  }
}
