package larder.benchmarks;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import larder.cache.value.FieldMapper;
import larder.monolith.users.DirectoryPage;
import larder.monolith.users.UserSummary;
import org.apache.fory.Fory;
import org.apache.fory.ThreadSafeFory;
import org.apache.fory.config.Language;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.dataformat.cbor.CBORMapper;
import tools.jackson.dataformat.smile.SmileFactory;
import tools.jackson.dataformat.smile.SmileMapper;
import tools.jackson.dataformat.smile.SmileWriteFeature;

/**
 * One way to write a value of a declared type as bytes and to read it back.
 *
 * <p>Fory is measured and not offered: bytes that were changed by chance end the process in {@code
 * SIGSEGV}, or bring values of types that nobody declared.
 */
interface Form {

  /** A list of small records, as its type would be declared. */
  record AccountList(List<Account> accounts) {}

  /** Returns a value as bytes. */
  byte[] write(Object value);

  /** Returns the value of bytes. */
  Object read(byte[] bytes);

  /** Returns a form by its name, for values of the class of a sample. */
  static Form of(String name, Object sample) {
    String[] parts = name.split(", ");
    Form form =
        switch (parts[0]) {
          case "JSON" -> jackson(FieldMapper.create(), sample);
          case "compact JSON" -> jackson(FieldMapper.compact(), sample);
          case "Smile with names" -> jackson(SmileMapper.builder().build(), sample);
          case "Smile" ->
              jackson(FieldMapper.compact(SmileMapper.builder(smile())).build(), sample);
          case "CBOR" -> jackson(FieldMapper.compact(CBORMapper.builder()).build(), sample);
          case "Fory" -> fory();
          default -> throw new IllegalArgumentException("No form has the name " + name);
        };
    return parts.length == 1 ? form : deflated(form, parts[1].contains("dictionary"));
  }

  private static SmileFactory smile() {
    return SmileFactory.builder().disable(SmileWriteFeature.ENCODE_BINARY_AS_7BIT).build();
  }

  private static Form jackson(ObjectMapper mapper, Object sample) {
    ObjectWriter writer = mapper.writerFor(sample.getClass());
    ObjectReader reader = mapper.readerFor(sample.getClass());
    return form(writer::writeValueAsBytes, reader::readValue);
  }

  private static Form fory() {
    ThreadSafeFory fory =
        Fory.builder()
            .withLanguage(Language.JAVA)
            .requireClassRegistration(true)
            .withRefTracking(false)
            .withStringCompressed(true)
            .suppressClassRegistrationWarnings(true)
            .buildThreadSafeFory();
    for (Class<?> type :
        List.of(
            Account.class,
            AccountList.class,
            UserSummary.class,
            DirectoryPage.class,
            ArrayList.class,
            Instant.class)) {
      fory.register(type);
    }
    return form(fory::serialize, fory::deserialize);
  }

  private static Form deflated(Form form, boolean withDictionary) {
    byte[] dictionary = withDictionary ? dictionary() : new byte[0];
    return form(
        value -> deflated(form.write(value), dictionary),
        bytes -> form.read(inflated(bytes, dictionary)));
  }

  /** What is known of a type before any value: the names of its fields, as JSON has them. */
  private static byte[] dictionary() {
    StringBuilder names = new StringBuilder();
    for (Class<?> type : List.of(UserSummary.class, DirectoryPage.class, Account.class)) {
      for (var component : type.getRecordComponents()) {
        names.append(",\"").append(component.getName()).append("\":");
        names.append(component.getType() == String.class ? "\"" : "");
      }
    }
    return names.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] deflated(byte[] bytes, byte[] dictionary) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, /* nowrap= */ true);
    try {
      if (dictionary.length > 0) {
        deflater.setDictionary(dictionary);
      }
      deflater.setInput(bytes);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
      byte[] buffer = new byte[bytes.length];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }

  private static byte[] inflated(byte[] bytes, byte[] dictionary) {
    Inflater inflater = new Inflater(/* nowrap= */ true);
    try {
      if (dictionary.length > 0) {
        inflater.setDictionary(dictionary);
      }
      inflater.setInput(bytes);
      ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length * 4);
      byte[] buffer = new byte[bytes.length * 4];
      while (!inflater.finished()) {
        out.write(buffer, 0, inflater.inflate(buffer));
      }
      return out.toByteArray();
    } catch (DataFormatException e) {
      throw new IllegalStateException(e);
    } finally {
      inflater.end();
    }
  }

  private static Form form(Function<Object, byte[]> writer, Function<byte[], Object> reader) {
    return new Form() {
      @Override
      public byte[] write(Object value) {
        return writer.apply(value);
      }

      @Override
      public Object read(byte[] bytes) {
        return reader.apply(bytes);
      }
    };
  }
}
