package larder.cache.warmup;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import larder.cache.value.FieldMapper;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A call as text that any node can read: a JSON array of the bean's name, the method's name and the
 * arguments, such as {@code ["users","find",42]}.
 *
 * <p>It says no types: arguments are read as the method of the present program declares them, and
 * fit only if they are written again by the very same text. So the number 42 is no text, and the
 * text "42" no number.
 */
final class CallText {

  /** Longer ones are not remembered, and not read. */
  static final int LONGEST = 1_000;

  private static final int NAMES = 2;

  private static final JsonMapper MAPPER =
      FieldMapper.create()
          .rebuild()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final String text;
  private final JsonNode parts;

  private CallText(String text, JsonNode parts) {
    this.text = text;
    this.parts = parts;
  }

  /** Returns the text of a call; null if it has none, or a long one. */
  static @Nullable String write(String bean, String method, List<@Nullable Object> arguments) {
    List<@Nullable Object> parts = new ArrayList<>(arguments.size() + NAMES);
    parts.add(bean);
    parts.add(method);
    parts.addAll(arguments);
    try {
      String text = MAPPER.writeValueAsString(parts);
      return text.length() <= LONGEST ? text : null;
    } catch (JacksonException e) {
      return null;
    }
  }

  /** Reads any text; null if it is that of no call. */
  static @Nullable CallText read(String text) {
    try {
      JsonNode parts = text.length() <= LONGEST ? MAPPER.readTree(text) : null;
      return parts != null && isCall(parts) ? new CallText(text, parts) : null;
    } catch (JacksonException e) {
      return null;
    }
  }

  private static boolean isCall(JsonNode parts) {
    return parts.isArray()
        && parts.size() >= NAMES
        && parts.get(0).isString()
        && parts.get(1).isString();
  }

  String bean() {
    return parts.get(0).asString();
  }

  String method() {
    return parts.get(1).asString();
  }

  /** Returns the arguments for a method of this name; null if they do not fit. */
  @Nullable List<@Nullable Object> argumentsFor(Method method) {
    Type[] types = method.getGenericParameterTypes();
    if (types.length != parts.size() - NAMES) {
      return null;
    }
    try {
      List<@Nullable Object> arguments = new ArrayList<>(types.length);
      for (int i = 0; i < types.length; i++) {
        arguments.add(MAPPER.treeToValue(parts.get(i + NAMES), MAPPER.constructType(types[i])));
      }
      return text.equals(write(bean(), method(), arguments)) ? arguments : null;
    } catch (JacksonException | IllegalArgumentException e) {
      return null;
    }
  }
}
