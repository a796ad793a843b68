package larder.cache.value;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import java.util.LinkedHashSet;
import java.util.Set;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * The JSON mapper of cached values: every field is written and read, whatever getters there are,
 * and whatever does not fit exactly is an error.
 *
 * <p>It is the layer's own and takes nothing from the application's mapper, so that a change of an
 * application's JSON for browsers never changes what stands in Redis.
 */
public final class FieldMapper {

  private FieldMapper() {}

  /** Returns a new mapper. */
  public static JsonMapper create() {
    JsonMapper.Builder builder =
        JsonMapper.builder()
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
    if (ClassUtils.isPresent(
        "org.springframework.data.domain.Page", FieldMapper.class.getClassLoader())) {
      builder.addModule(new PageModule());
    }
    return builder.build();
  }
}
