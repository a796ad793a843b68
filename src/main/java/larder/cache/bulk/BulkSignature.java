package larder.cache.bulk;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.core.GenericTypeResolver;
import org.springframework.core.ResolvableType;

/**
 * The signature of a bulk method, which is right: {@code Map<K, V> m(Collection<K> ids)}, or with a
 * {@code List} or {@code Set}; before the ids there may be one argument that they have in common.
 *
 * @param takesSet whether the ids have to come as a set
 * @param value the type of one value
 */
record BulkSignature(boolean takesSet, Type value) {

  private static final Set<Class<?>> COLLECTIONS = Set.of(Collection.class, List.class, Set.class);

  private static final String REMEDY =
      "declare it as Map<K, V> method(Collection<K> ids), where V is what the method for a single"
          + " id returns, without its Optional";

  /**
   * Returns the signature of a method.
   *
   * @param target the class called, which may fix type variables
   * @throws InvalidBulkMethodException if it is none of a bulk method
   */
  static BulkSignature of(Method method, Class<?> target) {
    checkShape(method);
    ResolvableType ids =
        ResolvableType.forMethodParameter(method, ofIds(method), target).getGeneric(0);
    ResolvableType answer = ResolvableType.forMethodReturnType(method, target);
    ResolvableType value = answer.getGeneric(1);
    if (ids.resolve() == null || value.resolve() == null) {
      throw refused(method, "does not say of which types its ids and values are");
    } else if (!ids.toClass().equals(answer.getGeneric(0).toClass())) {
      throw refused(
          method,
          "takes ids of %s but returns a map by %s"
              .formatted(ids.toClass().getSimpleName(), answer.getGeneric(0)));
    } else if (value.toClass() == Optional.class) {
      throw refused(
          method, "returns a map of Optionals, while an id that is not found is not in the map");
    }
    return new BulkSignature(
        method.getParameterTypes()[ofIds(method)] == Set.class,
        GenericTypeResolver.resolveType(value.getType(), target));
  }

  /** Returns which parameter takes the ids: the last. */
  private static int ofIds(Method method) {
    return method.getParameterCount() - 1;
  }

  /** Whether the ids have an argument in common, so that keys are made of both. */
  static boolean hasCommon(Method method) {
    return method.getParameterCount() == 2;
  }

  /**
   * Throws unless a method may be a bulk method, whatever its types stand for.
   *
   * @throws InvalidBulkMethodException if it cannot be
   */
  static void checkShape(Method method) {
    Class<?>[] parameters = method.getParameterTypes();
    boolean alone = parameters.length == 1 && COLLECTIONS.contains(parameters[0]);
    boolean behind =
        parameters.length == 2
            && COLLECTIONS.contains(parameters[1])
            && !COLLECTIONS.contains(parameters[0]);
    if (!alone && !behind) {
      throw refused(method, "does not take just one Collection, List or Set of ids");
    } else if (method.getReturnType() != Map.class) {
      throw refused(method, "does not return a Map from id to value");
    }
  }

  private static InvalidBulkMethodException refused(Method method, String rule) {
    return new InvalidBulkMethodException(method, rule, REMEDY);
  }
}
