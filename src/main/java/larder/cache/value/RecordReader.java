package larder.cache.value;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.stream.Stream;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;

/**
 * Reads a record from the array of its components: all of them and nothing else.
 *
 * <p>Jackson's own reader of arrays passes over elements too many, and fails for records that hold
 * themselves.
 */
final class RecordReader extends ValueDeserializer<Object> {

  private final JavaType type;
  private final Constructor<?> constructor;
  private final ValueDeserializer<?>[] components;

  RecordReader(JavaType type) {
    this.type = type;
    this.constructor = canonical(type.getRawClass());
    this.components = new ValueDeserializer<?>[constructor.getParameterCount()];
  }

  private static Constructor<?> canonical(Class<?> raw) {
    Class<?>[] types =
        Stream.of(raw.getRecordComponents()).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      Constructor<?> constructor = raw.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor;
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public boolean isCachable() {
    return true;
  }

  @Override
  public void resolve(DeserializationContext context) {
    RecordComponent[] parts = type.getRawClass().getRecordComponents();
    for (int i = 0; i < parts.length; i++) {
      JavaType part =
          context.getTypeFactory().resolveMemberType(parts[i].getGenericType(), type.getBindings());
      components[i] = context.findRootValueDeserializer(part);
    }
  }

  @Override
  public Object deserialize(JsonParser json, DeserializationContext context) {
    if (!json.isExpectedStartArrayToken()) {
      return context.reportInputMismatch(this, "not an array of components");
    }
    Object[] values = new Object[components.length];
    for (int i = 0; i < values.length; i++) {
      JsonToken token = json.nextToken();
      if (token == JsonToken.END_ARRAY) {
        return context.reportInputMismatch(this, "too few components");
      }
      values[i] =
          token == JsonToken.VALUE_NULL
              ? components[i].getNullValue(context)
              : components[i].deserialize(json, context);
    }
    return json.nextToken() == JsonToken.END_ARRAY
        ? made(values, context)
        : context.reportInputMismatch(this, "too many components");
  }

  private Object made(Object[] values, DeserializationContext context) {
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      return context.handleInstantiationProblem(type.getRawClass(), values, e.getCause());
    } catch (ReflectiveOperationException e) {
      return context.handleInstantiationProblem(type.getRawClass(), values, e);
    }
  }
}
