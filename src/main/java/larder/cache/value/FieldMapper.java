package larder.cache.value;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import java.util.LinkedHashSet;
import java.util.Set;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.MapperBuilder;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * The mappers of cached values: every field is written and read, whatever getters there are, and
 * whatever does not fit exactly is an error.
 *
 * <p>They are the layer's own and take nothing from the application's mapper, so that a change of
 * an application's JSON for browsers never changes what stands in Redis.
 */
public final class FieldMapper {

  private FieldMapper() {}

  /** Returns a new mapper of JSON in which every part has its name. */
  public static JsonMapper create() {
    return fields(JsonMapper.builder()).build();
  }

  /** Returns a new mapper of JSON in which {@link RecordsAsArrays records are arrays}. */
  public static JsonMapper compact() {
    return compact(JsonMapper.builder()).build();
  }

  /** Returns a builder of mappers that leave out what a record's type says, in any format. */
  public static <M extends ObjectMapper, B extends MapperBuilder<M, B>> B compact(B builder) {
    return fields(builder)
        .annotationIntrospector(new RecordsAsArrays())
        .addModule(new SimpleModule("larder-records").setDeserializerModifier(new Records()))
        .addModule(new InstantModule());
  }

  private static <M extends ObjectMapper, B extends MapperBuilder<M, B>> B fields(B builder) {
    B fields =
        builder
            .changeDefaultVisibility(
                visibility ->
                    visibility
                        .withVisibility(PropertyAccessor.ALL, Visibility.NONE)
                        .withVisibility(PropertyAccessor.CREATOR, Visibility.ANY)
                        .withVisibility(PropertyAccessor.FIELD, Visibility.ANY))
            .enable(MapperFeature.ALLOW_FINAL_FIELDS_AS_MUTATORS)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .enable(
                DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(
                EnumFeature.WRITE_ENUMS_USING_TO_STRING, EnumFeature.READ_ENUMS_USING_TO_STRING)
            .disable(
                DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE,
                DateTimeFeature.NORMALIZE_DESERIALIZED_ZONE_ID)
            .addModule(
                new SimpleModule("larder-order")
                    .addAbstractTypeMapping(Set.class, LinkedHashSet.class));
    return ClassUtils.isPresent(
            "org.springframework.data.domain.Page", FieldMapper.class.getClassLoader())
        ? fields.addModule(new PageModule())
        : fields;
  }

  /** Has plain records read by position. */
  private static final class Records extends ValueDeserializerModifier {

    private static final long serialVersionUID = 1L;

    @Override
    public ValueDeserializer<?> modifyDeserializer(
        DeserializationConfig config,
        BeanDescription.Supplier type,
        ValueDeserializer<?> deserializer) {
      return RecordsAsArrays.isPlain(type.getBeanClass())
          ? new RecordReader(type.getType())
          : deserializer;
    }
  }
}
