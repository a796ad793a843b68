package larder.writebehind;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import larder.writebehind.WriteBehind.WhenRefused;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * What an annotated method says.
 *
 * @param name the name of the buffer
 * @param element the record that it takes
 * @param key the components that make the key; none for any order
 * @param whenRefused what becomes of a write that cannot be appended
 * @param method the method, as its class declares it
 */
public record Declaration(
    String name,
    Class<?> element,
    List<RecordComponent> key,
    WhenRefused whenRefused,
    Method method) {

  private static final String NAME = "[a-z][a-z0-9-]{0,62}";

  public Declaration {
    key = List.copyOf(key);
  }

  /**
   * Returns what a method says.
   *
   * @throws IllegalStateException if it cannot be kept, which names the method and the rule
   */
  public static Declaration of(Method method, WriteBehind annotation) {
    check(annotation.value().matches(NAME), method, "its name must match " + NAME);
    int modifiers = method.getModifiers();
    boolean proxied =
        !Modifier.isPrivate(modifiers)
            && !Modifier.isFinal(modifiers)
            && !Modifier.isStatic(modifiers)
            && !Modifier.isFinal(method.getDeclaringClass().getModifiers());
    check(proxied, method, "neither it nor its class may be private, static or final");
    check(method.getReturnType() == void.class, method, "it must return nothing");
    Class<?> element = element(method);
    List<RecordComponent> key =
        Stream.of(annotation.key()).map(name -> component(method, element, name)).toList();
    return new Declaration(annotation.value(), element, key, annotation.whenRefused(), method);
  }

  private static Class<?> element(Method method) {
    Type[] parameters = method.getGenericParameterTypes();
    boolean list =
        parameters.length == 1
            && parameters[0] instanceof ParameterizedType one
            && one.getRawType() == List.class
            && one.getActualTypeArguments()[0] instanceof Class<?> element
            && element.isRecord();
    check(list, method, "it must take one List of a record");
    return (Class<?>) ((ParameterizedType) parameters[0]).getActualTypeArguments()[0];
  }

  private static RecordComponent component(Method method, Class<?> element, String name) {
    RecordComponent found =
        Stream.of(element.getRecordComponents())
            .filter(component -> component.getName().equals(name))
            .findFirst()
            .orElseThrow(() -> broken(method, element.getSimpleName() + " has no " + name));
    check(
        isPlain(ClassUtils.resolvePrimitiveIfNecessary(found.getType())),
        method,
        "the key %s must be a number, text, enum, UUID or time".formatted(name));
    ReflectionUtils.makeAccessible(found.getAccessor());
    return found;
  }

  private static boolean isPlain(Class<?> type) {
    return Number.class.isAssignableFrom(type)
        || TemporalAccessor.class.isAssignableFrom(type)
        || type.isEnum()
        || Stream.of(String.class, UUID.class, Boolean.class, Character.class)
            .anyMatch(plain -> plain == type);
  }

  private static void check(boolean ok, Method method, String rule) {
    if (!ok) {
      throw broken(method, rule);
    }
  }

  private static IllegalStateException broken(Method method, String rule) {
    return new IllegalStateException(
        "@WriteBehind on %s.%s: %s"
            .formatted(method.getDeclaringClass().getSimpleName(), method.getName(), rule));
  }

  /** Returns the partition of an element, of which the JSON is given. */
  int partition(Object element, String json) {
    return Partition.of(
        key.isEmpty()
            ? json
            : key.stream().map(part -> value(part, element)).collect(Collectors.joining("\n")));
  }

  private static String value(RecordComponent part, Object element) {
    return String.valueOf(ReflectionUtils.invokeMethod(part.getAccessor(), element));
  }
}
