package larder.writebehind;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON of the elements of one buffer, whose type the annotated method declares and no byte ever
 * chooses.
 *
 * <p>Nodes of several versions may read and write: a component that is not known is passed over,
 * one that is missing is null, or refused if it is of a primitive type.
 */
final class ElementCodec {

  /** Most bytes of one element. */
  static final int MOST_BYTES = 64 * 1024;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(
              DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .build();

  private final Class<?> type;

  ElementCodec(Class<?> type) {
    this.type = type;
  }

  /**
   * Returns the JSON of an element.
   *
   * @throws IllegalArgumentException if it is none of the declared type, too large, or no JSON
   */
  byte[] encode(Object element) {
    if (!type.isInstance(element)) {
      throw new IllegalArgumentException("Not a " + type.getSimpleName());
    }
    try {
      byte[] json = MAPPER.writeValueAsString(element).getBytes(UTF_8);
      if (json.length > MOST_BYTES) {
        throw new IllegalArgumentException(
            "%s must have at most %d bytes as JSON, had: %d"
                .formatted(type.getSimpleName(), MOST_BYTES, json.length));
      }
      return json;
    } catch (JacksonException e) {
      throw new IllegalArgumentException(type.getSimpleName() + " has no JSON", e);
    }
  }

  /** Returns the element; empty if the bytes are none. */
  Optional<Object> decode(byte[] json) {
    try {
      return Optional.ofNullable(MAPPER.readValue(json, type));
    } catch (JacksonException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
