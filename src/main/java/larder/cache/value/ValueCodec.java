package larder.cache.value;

import larder.cache.value.ValueType.Level;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Values as bytes and back, in JSON of their fields, read as the type that the caller declares.
 *
 * <p>Nothing in the bytes chooses a class. Every value is read back and compared before it is let
 * out, also one of a {@link Level#SOUND sound} type: a map may have an order of its own, a record
 * may change what it is made of. Thread-safe.
 */
public final class ValueCodec {

  private static final byte[] NOT_FOUND = {};

  private final JsonMapper mapper;
  private final int maxBytes;

  /**
   * @param mapper writes and reads fields, see {@link FieldMapper}
   * @param maxBytes largest encoded size, in bytes
   */
  public ValueCodec(JsonMapper mapper, int maxBytes) {
    this.mapper = mapper;
    this.maxBytes = maxBytes;
  }

  /**
   * Encodes a value as one of a type.
   *
   * @param value the value; null for "not found"
   */
  public Encoded encode(ValueType type, @Nullable Object value) {
    if (type.soundness().level() == Level.UNSOUND) {
      return new Encoded.Refused(type.soundness().reason());
    } else if (value == null) {
      return new Encoded.Bytes(NOT_FOUND);
    } else if (!type.java().isTypeOrSuperTypeOf(value.getClass()) && !isBoxed(type, value)) {
      return new Encoded.Refused(value.getClass().getName() + " is not a " + type);
    }
    try {
      return encodeFound(type, value);
    } catch (RuntimeException | StackOverflowError e) {
      return new Encoded.Refused("it cannot be written and read as JSON (" + firstLine(e) + ")");
    }
  }

  /**
   * Returns the value that a payload holds as one of a type; null if it holds none.
   *
   * @param payload what {@link #encode} gave; empty for "not found"
   */
  public @Nullable Decoded decode(ValueType type, byte[] payload) {
    if (payload.length == 0) {
      return new Decoded(null);
    }
    try {
      Object value = read(type, payload);
      return value == null ? null : new Decoded(value);
    } catch (RuntimeException | StackOverflowError e) {
      return null;
    }
  }

  private Encoded encodeFound(ValueType type, Object value) {
    byte[] payload = mapper.writerFor(type.java()).writeValueAsBytes(value);
    if (payload.length > maxBytes) {
      return new Encoded.Refused(
          "it takes %,d bytes, more than larder.remote.max-value-size (%,d)"
              .formatted(payload.length, maxBytes),
          /* tooLarge= */ true);
    } else if (!SameValue.same(value, read(type, payload))) {
      return new Encoded.Refused(
          "it does not survive the trip through JSON; "
              + (type.soundness().reason().isEmpty()
                  ? "a part of it is lost or changed"
                  : type.soundness().reason()));
    }
    return new Encoded.Bytes(payload);
  }

  private @Nullable Object read(ValueType type, byte[] payload) {
    return mapper.readerFor(type.java()).readValue(payload);
  }

  private static boolean isBoxed(ValueType type, Object value) {
    return type.java().isPrimitive()
        && org.springframework.util.ClassUtils.isAssignableValue(type.java().getRawClass(), value);
  }

  private static String firstLine(Throwable e) {
    String message = String.valueOf(e.getMessage());
    return message.lines().findFirst().orElse(e.getClass().getSimpleName());
  }
}
