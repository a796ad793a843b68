package larder.cache.value;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import larder.cache.Encoding;
import larder.cache.value.ValueType.Level;
import larder.cache.value.ValueType.Soundness;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.type.TypeFactory;

/**
 * One walk over a type and all that it is made of, which tells its soundness and its fingerprint.
 *
 * <p>Sound are scalars, enums, {@code java.time}, records without Jackson annotations, and {@code
 * Optional}, {@code List}, {@code Set}, {@code Map}, arrays and Spring Data pages of such. Unsound
 * are JPA entities (lazy parts, identity), streams and other things that can be read once, and
 * polymorphic types whose JSON would name classes. Everything else is open.
 *
 * <p>Shareable are values made of scalars, enums, records and {@code Optional} only: nothing in
 * them can be changed.
 *
 * <p>The fingerprint is the first 8 bytes of the SHA-256 of a text that names every class met with
 * its fields in order of declaration, so that a renamed, added, removed or retyped field changes
 * it.
 */
final class TypeSurvey {

  private static final Set<Class<?>> KEYS =
      Set.of(String.class, Integer.class, Long.class, Short.class, UUID.class);

  private static final List<Class<?>> CONTAINERS =
      List.of(List.class, Set.class, Map.class, Optional.class);

  private static final List<String> READ_ONCE =
      List.of(
          "java.util.stream.BaseStream",
          "java.util.Iterator",
          "java.io.InputStream",
          "java.io.Reader",
          "java.util.concurrent.Future",
          "java.util.concurrent.CompletionStage",
          "org.reactivestreams.Publisher",
          "org.springframework.core.io.InputStreamSource");

  /** Nested types beyond this are taken for a type that grows without end. */
  private static final int DEEPEST = 50;

  private final Set<JavaType> met = new HashSet<>();
  private final StringBuilder shape = new StringBuilder();
  private final TypeFactory types;
  private Soundness soundness = Soundness.SOUND;
  private boolean shareable = true;
  private int depth;

  private TypeSurvey(TypeFactory types) {
    this.types = types;
  }

  /** Returns what is known of a type. */
  static ValueType of(JavaType type, TypeFactory types) {
    TypeSurvey survey = new TypeSurvey(types);
    survey.visit(type);
    return new ValueType(
        type, survey.soundness, survey.shareable, hash(survey.shape.toString()), Encoding.COMPACT);
  }

  private void visit(JavaType type) {
    shape.append(type.toCanonical());
    if (!met.add(type) || Scalars.include(type.getRawClass())) {
      return;
    } else if (depth == DEEPEST) {
      lower(Level.UNSOUND, type.getRawClass().getName() + " is nested without end");
      return;
    }
    depth++;
    visitNew(type, type.getRawClass());
    depth--;
  }

  private void visitNew(JavaType type, Class<?> raw) {
    shareable &= raw.isRecord() || raw.isEnum() || raw == Optional.class;
    unsoundReason(raw).ifPresent(reason -> lower(Level.UNSOUND, reason));
    if (raw.isEnum()) {
      lowerIfAnnotated(raw);
      Stream.of(raw.getEnumConstants())
          .forEach(c -> shape.append(((Enum<?>) c).name()).append(','));
    } else if (raw.isArray()) {
      visit(type.getContentType());
    } else if (CONTAINERS.contains(raw) || isPage(raw)) {
      visitContained(type, raw);
    } else if (!isOfTheJdk(raw)) {
      visitFields(type, raw);
    } else {
      lower(Level.OPEN, raw.getName() + " is not known to survive");
      type.getBindings().getTypeParameters().forEach(this::visit);
    }
  }

  private void visitContained(JavaType type, Class<?> raw) {
    if (raw == Map.class && !isKey(type.containedTypeOrUnknown(0).getRawClass())) {
      lower(Level.OPEN, type.containedTypeOrUnknown(0) + " is not known as the key of a map");
    } else if (raw == Optional.class && isOptional(type.containedTypeOrUnknown(0))) {
      lower(Level.OPEN, "an Optional of an Optional is not known to survive");
    }
    for (int i = 0; i < Math.max(1, type.containedTypeCount()); i++) {
      visit(type.containedTypeOrUnknown(i));
    }
  }

  private void visitFields(JavaType type, Class<?> raw) {
    if (!raw.isRecord()) {
      lower(Level.OPEN, raw.getName() + " is neither a record nor a plain value");
    }
    lowerIfAnnotated(raw);
    subtypes(raw).forEach(subtype -> visit(types.constructType(subtype)));
    shape.append('{');
    for (Class<?> c = raw; c != null && !isOfTheJdk(c); c = c.getSuperclass()) {
      Stream.of(c.getDeclaredFields())
          .filter(f -> !Modifier.isStatic(f.getModifiers()))
          .filter(f -> !Modifier.isTransient(f.getModifiers()))
          .forEach(field -> visitField(type, field));
    }
    shape.append('}');
  }

  private void visitField(JavaType owner, Field field) {
    shape.append(field.getName()).append(':');
    visit(types.resolveMemberType(field.getGenericType(), owner.getBindings()));
    shape.append(';');
  }

  private void lowerIfAnnotated(Class<?> raw) {
    if (hasJacksonAnnotations(raw)) {
      lower(Level.OPEN, raw.getName() + " changes its JSON by annotations");
    }
  }

  /** Returns the classes that stand for names in the JSON of a type. */
  private static Stream<Class<?>> subtypes(Class<?> raw) {
    JsonSubTypes named = raw.getAnnotation(JsonSubTypes.class);
    return named == null
        ? Stream.empty()
        : Stream.of(named.value()).map(subtype -> (Class<?>) subtype.value());
  }

  private void lower(Level level, String reason) {
    soundness = soundness.and(new Soundness(level, reason));
  }

  private static Optional<String> unsoundReason(Class<?> raw) {
    if (has(raw, "jakarta.persistence.Entity")) {
      return Optional.of(raw.getName() + " is a JPA entity; return a record of it instead");
    } else if (READ_ONCE.stream().anyMatch(name -> isSubtype(raw, name))) {
      return Optional.of(raw.getName() + " can be read only once");
    } else if (Stream.of(raw.getAnnotations()).anyMatch(TypeSurvey::namesClasses)) {
      return Optional.of(raw.getName() + " would be read back by a class name out of Redis");
    }
    return Optional.empty();
  }

  private static boolean namesClasses(Annotation annotation) {
    return annotation instanceof com.fasterxml.jackson.annotation.JsonTypeInfo info
        && switch (info.use()) {
          case CLASS, MINIMAL_CLASS, CUSTOM -> true;
          default -> false;
        };
  }

  /** Whether anything in a class itself is annotated for Jackson. */
  static boolean hasJacksonAnnotations(Class<?> raw) {
    return Stream.of(
            Stream.of(raw.getAnnotations()),
            Stream.of(raw.getDeclaredFields()).flatMap(f -> Stream.of(f.getAnnotations())),
            Stream.of(raw.getDeclaredMethods()).flatMap(m -> Stream.of(m.getAnnotations())),
            Stream.of(raw.getDeclaredConstructors()).flatMap(c -> Stream.of(c.getAnnotations())))
        .flatMap(annotations -> annotations)
        .map(Annotation::annotationType)
        .anyMatch(TypeSurvey::isOfJackson);
  }

  private static boolean isOfJackson(Class<? extends Annotation> annotation) {
    return annotation.getName().contains(".jackson.")
        || annotation.isAnnotationPresent(JacksonAnnotationsInside.class);
  }

  private static boolean has(Class<?> raw, String annotation) {
    return Stream.<Class<?>>iterate(raw, c -> c != null, Class::getSuperclass)
        .flatMap(c -> Stream.of(c.getAnnotations()))
        .anyMatch(a -> a.annotationType().getName().equals(annotation));
  }

  private static boolean isSubtype(Class<?> raw, String name) {
    return raw.getName().equals(name)
        || Stream.of(raw.getInterfaces()).anyMatch(i -> isSubtype(i, name))
        || (raw.getSuperclass() != null && isSubtype(raw.getSuperclass(), name));
  }

  private static boolean isKey(Class<?> raw) {
    return raw.isEnum() || KEYS.contains(raw);
  }

  private static boolean isOptional(JavaType type) {
    return type.hasRawClass(Optional.class);
  }

  private static boolean isPage(Class<?> raw) {
    return raw.getName().equals("org.springframework.data.domain.Page");
  }

  private static boolean isOfTheJdk(Class<?> raw) {
    return raw.getName().startsWith("java.") || raw.getName().startsWith("javax.");
  }

  private static long hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return java.nio.ByteBuffer.wrap(digest).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
