package larder.session;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns attributes of sessions into bytes and back, by the forms of an application. Texts need no
 * form.
 *
 * <p>An attribute without a form lives for its request only, which the log says once. Bytes under a
 * name without a form are passed over: a newer version of the application may have written them.
 * Thread-safe.
 */
public final class AttributeForms {

  private static final Logger log = LoggerFactory.getLogger(AttributeForms.class);

  private static final int MOST_SAID = 100;

  private final JsonMapper mapper = JsonMapper.builder().build();
  private final Map<String, AttributeForm<?, ?>> forms;
  private final Set<String> said = ConcurrentHashMap.newKeySet();

  public AttributeForms(Collection<AttributeForm<?, ?>> forms) {
    this.forms = forms.stream().collect(Collectors.toMap(AttributeForm::name, Function.identity()));
  }

  /** Returns the bytes of an attribute; null if it is not kept. */
  byte @Nullable [] encode(String name, Object value) {
    AttributeForm<?, ?> form = forms.get(name);
    Object json = form == null ? textOnly(value) : form.written(value);
    if (json != null) {
      return mapper.writeValueAsBytes(json);
    }
    if (said.size() < MOST_SAID && said.add(name)) {
      log.warn(
          "Session attribute '{}' of {} is not kept beyond its request: it is no text, and no"
              + " AttributeForm of this name takes it",
          name,
          value.getClass().getName());
    }
    return null;
  }

  private static @Nullable Object textOnly(Object value) {
    return value instanceof String ? value : null;
  }

  /** Returns attributes by their names; null if one of them cannot be read. */
  @Nullable Map<String, Object> decode(Map<String, byte[]> kept) {
    Map<String, Object> attributes = new HashMap<>();
    try {
      kept.forEach(
          (name, bytes) -> {
            Object value = decode(name, bytes);
            if (value != null) {
              attributes.put(name, value);
            }
          });
      return attributes;
    } catch (RuntimeException unreadable) {
      log.debug("A session cannot be read", unreadable);
      return null;
    }
  }

  private @Nullable Object decode(String name, byte[] bytes) {
    AttributeForm<?, ?> form = forms.get(name);
    if (form != null) {
      return read(form, bytes);
    }
    boolean text = bytes.length > 0 && new String(bytes, StandardCharsets.UTF_8).startsWith("\"");
    return text ? mapper.readValue(bytes, String.class) : null;
  }

  private <A, J> A read(AttributeForm<A, J> form, byte[] bytes) {
    J json = mapper.readValue(bytes, form.json());
    if (json == null) {
      throw new IllegalArgumentException("null is no " + form.json().getSimpleName());
    }
    return form.read().apply(json);
  }
}
