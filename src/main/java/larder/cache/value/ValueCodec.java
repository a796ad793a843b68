package larder.cache.value;

import java.util.EnumMap;
import java.util.Map;
import larder.cache.Encoding;
import larder.cache.value.ValueType.Level;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Values as bytes and back, in the {@link Encoding} of their type, read as the type that the caller
 * declares.
 *
 * <p>Nothing in the bytes chooses a class. Every value is read back and compared before it is let
 * out, also one of a {@link Level#SOUND sound} type: a map may have an order of its own, a record
 * may change what it is made of. Thread-safe.
 */
public final class ValueCodec {

  private static final byte[] NOT_FOUND = {};

  private final Map<Encoding, Mapping> mappings = new EnumMap<>(Encoding.class);
  private final int maxBytes;

  /**
   * @param maxBytes largest encoded size, in bytes, before compression
   */
  public ValueCodec(int maxBytes) {
    this.maxBytes = maxBytes;
    mappings.put(Encoding.JSON, new Mapping(FieldMapper.create()));
    mappings.put(Encoding.COMPACT, new Mapping(FieldMapper.compact()));
    if (Encoding.SMILE.isAvailable()) {
      mappings.put(Encoding.SMILE, new Mapping(SmileFormat.create()));
    }
  }

  /** Returns the largest encoded size, in bytes, before compression. */
  public int maxBytes() {
    return maxBytes;
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

  /**
   * Returns what a payload holds as JSON with names, for people; null if it is nothing that can be
   * told.
   *
   * @param encoding how it was written
   * @param type what it was written as; null if that is not known, and names are missing then
   */
  public @Nullable JsonNode tree(Encoding encoding, @Nullable ValueType type, byte[] payload) {
    try {
      Decoded named =
          type == null || encoding == Encoding.JSON ? null : decode(type.in(encoding), payload);
      return type == null || named == null || named.value() == null
          ? mapping(encoding).tree(payload)
          : named(type, named.value());
    } catch (RuntimeException | StackOverflowError damaged) {
      return null;
    }
  }

  private JsonNode named(ValueType type, Object value) {
    Mapping json = mapping(Encoding.JSON);
    return json.tree(json.write(type.java(), value));
  }

  private Mapping mapping(Encoding encoding) {
    Mapping mapping = mappings.get(encoding);
    if (mapping == null) {
      throw new IllegalStateException("the library of " + encoding + " is not there");
    }
    return mapping;
  }

  private Encoded encodeFound(ValueType type, Object value) {
    byte[] payload = mapping(type.encoding()).write(type.java(), value);
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
    return mapping(type.encoding()).read(type.java(), payload);
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
