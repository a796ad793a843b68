package larder.cache.value;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;

/**
 * Values of declared types in one format. What reads and writes a type is put together once; types
 * are as many as annotated methods declare. Thread-safe.
 */
final class Mapping {

  private final ObjectMapper mapper;
  private final Map<JavaType, ObjectReader> readers = new ConcurrentHashMap<>();
  private final Map<JavaType, ObjectWriter> writers = new ConcurrentHashMap<>();

  Mapping(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /**
   * Returns a value as bytes.
   *
   * @throws RuntimeException if it cannot be written
   */
  byte[] write(JavaType type, Object value) {
    ObjectWriter writer = writers.get(type);
    if (writer == null) {
      writer = mapper.writerFor(type);
      writers.put(type, writer);
    }
    return writer.writeValueAsBytes(value);
  }

  /**
   * Returns the value that bytes hold.
   *
   * @throws RuntimeException if they hold none
   */
  Object read(JavaType type, byte[] bytes) {
    ObjectReader reader = readers.get(type);
    if (reader == null) {
      reader = mapper.readerFor(type);
      readers.put(type, reader);
    }
    return reader.readValue(bytes);
  }

  /**
   * Returns what bytes hold, of whatever type.
   *
   * @throws RuntimeException if they are not in this format
   */
  JsonNode tree(byte[] bytes) {
    return mapper.readTree(bytes);
  }
}
