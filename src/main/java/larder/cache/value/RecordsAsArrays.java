package larder.cache.value;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.lang.reflect.RecordComponent;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;

/**
 * Has plain records written as arrays of their components, in the order of their declaration.
 *
 * <p>The names need not be stored: they and their order are part of the fingerprint that each entry
 * carries. Plain is a record that nothing annotates for Jackson, neither itself nor its interfaces,
 * since annotations may change names and order and the fingerprint does not cover them; every other
 * class keeps its names.
 */
final class RecordsAsArrays extends JacksonAnnotationIntrospector {

  private static final long serialVersionUID = 1L;

  private static final JsonFormat.Value ARRAY = JsonFormat.Value.forShape(JsonFormat.Shape.ARRAY);

  @Override
  public JsonFormat.@Nullable Value findFormat(MapperConfig<?> config, Annotated annotated) {
    return annotated instanceof AnnotatedClass type && isPlain(type.getRawType())
        ? ARRAY
        : super.findFormat(config, annotated);
  }

  @Override
  public String @Nullable [] findSerializationPropertyOrder(
      MapperConfig<?> config, AnnotatedClass type) {
    return isPlain(type.getRawType())
        ? Stream.of(type.getRawType().getRecordComponents())
            .map(RecordComponent::getName)
            .toArray(String[]::new)
        : super.findSerializationPropertyOrder(config, type);
  }

  /** Whether a class is a record whose components stand in an array. */
  static boolean isPlain(Class<?> raw) {
    return raw.isRecord()
        && !TypeSurvey.hasJacksonAnnotations(raw)
        && ClassUtils.getAllInterfacesForClassAsSet(raw).stream()
            .noneMatch(TypeSurvey::hasJacksonAnnotations);
  }
}
