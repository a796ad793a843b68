package larder.cache.value;

import java.time.Instant;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.module.SimpleModule;

/**
 * Instants as numbers: their seconds since 1970, or an array of these and of nanoseconds if there
 * are any. Text takes much longer to read.
 */
final class InstantModule extends SimpleModule {

  private static final long serialVersionUID = 1L;

  InstantModule() {
    super("larder-instant");
    addSerializer(Instant.class, new Writer());
    addDeserializer(Instant.class, new Reader());
  }

  private static final class Writer extends ValueSerializer<Instant> {

    @Override
    public void serialize(Instant value, JsonGenerator json, SerializationContext context) {
      if (value.getNano() == 0) {
        json.writeNumber(value.getEpochSecond());
        return;
      }
      json.writeStartArray(value, 2);
      json.writeNumber(value.getEpochSecond());
      json.writeNumber(value.getNano());
      json.writeEndArray();
    }
  }

  private static final class Reader extends ValueDeserializer<Instant> {

    @Override
    public Instant deserialize(JsonParser json, DeserializationContext context) {
      if (!json.isExpectedStartArrayToken()) {
        return Instant.ofEpochSecond(number(json, context));
      }
      json.nextToken();
      long seconds = number(json, context);
      json.nextToken();
      long nanos = number(json, context);
      boolean ends = json.nextToken() == JsonToken.END_ARRAY;
      return ends && nanos > 0 && nanos < 1_000_000_000
          ? Instant.ofEpochSecond(seconds, nanos)
          : context.reportInputMismatch(Instant.class, "not seconds and nanoseconds");
    }

    private static long number(JsonParser json, DeserializationContext context) {
      return json.hasToken(JsonToken.VALUE_NUMBER_INT)
          ? json.getLongValue()
          : context.reportInputMismatch(Instant.class, "not a number");
    }
  }
}
