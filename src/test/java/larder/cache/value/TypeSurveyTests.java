package larder.cache.value;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import jakarta.persistence.Entity;
import java.io.InputStream;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import larder.cache.value.ValueType.Level;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.data.domain.Page;

class TypeSurveyTests {

  enum Color {
    RED,
    GREEN
  }

  enum Renamed {
    @JsonProperty("x")
    RED
  }

  record Point(int x, int y) {}

  record Person(String name, @Nullable Instant born, Optional<Point> home, List<Color> likes) {}

  record Tree(String name, List<Tree> children) {}

  record Box<T>(T content) {}

  record Expanding<T>(Optional<Expanding<List<T>>> next) {}

  record Hiding(String name, @JsonIgnore String secret) {}

  @Retention(RetentionPolicy.RUNTIME)
  @JacksonAnnotationsInside
  @JsonIgnore
  @interface Hidden {}

  record HidingByOwnWord(String name, @Hidden String secret) {}

  record WithEnum(Renamed color) {}

  static class Plain {
    private int x;

    int x() {
      return x;
    }
  }

  @Entity
  static class Row {}

  static class SubRow extends Row {}

  record HoldsRow(String name, List<Row> rows) {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
  interface ByClass {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
  interface ByName {}

  record Holds<T>(T held) {}

  interface Repository<T> {
    Optional<T> find(long id);
  }

  interface People extends Repository<Person> {}

  interface Methods {
    Optional<Person> optional();

    CompletableFuture<Person> later();

    CompletableFuture<Optional<Person>> laterOptional();

    Future<Person> future();

    List<Person> list();

    <T> T any(T other);
  }

  private final ValueTypes types = new ValueTypes(FieldMapper.create().getTypeFactory());

  static Stream<Arguments> levels() {
    return Stream.of(
        Arguments.of(String.class, Level.SOUND),
        Arguments.of(int.class, Level.SOUND),
        Arguments.of(Long.class, Level.SOUND),
        Arguments.of(BigDecimal.class, Level.SOUND),
        Arguments.of(UUID.class, Level.SOUND),
        Arguments.of(Instant.class, Level.SOUND),
        Arguments.of(ZonedDateTime.class, Level.SOUND),
        Arguments.of(OptionalInt.class, Level.SOUND),
        Arguments.of(Color.class, Level.SOUND),
        Arguments.of(Point.class, Level.SOUND),
        Arguments.of(Person.class, Level.SOUND),
        Arguments.of(Tree.class, Level.SOUND),
        Arguments.of(byte[].class, Level.SOUND),
        Arguments.of(Point[][].class, Level.SOUND),
        Arguments.of(new ParameterizedTypeReference<List<Person>>() {}, Level.SOUND),
        Arguments.of(new ParameterizedTypeReference<Map<Color, Set<Point>>>() {}, Level.SOUND),
        Arguments.of(new ParameterizedTypeReference<Map<UUID, Box<Point>>>() {}, Level.SOUND),
        Arguments.of(new ParameterizedTypeReference<Page<Person>>() {}, Level.SOUND),
        Arguments.of(Object.class, Level.OPEN),
        Arguments.of(Plain.class, Level.OPEN),
        Arguments.of(Number.class, Level.OPEN),
        Arguments.of(java.util.Date.class, Level.OPEN),
        Arguments.of(Hiding.class, Level.OPEN),
        Arguments.of(HidingByOwnWord.class, Level.OPEN),
        Arguments.of(Renamed.class, Level.OPEN),
        Arguments.of(WithEnum.class, Level.OPEN),
        Arguments.of(Box.class, Level.OPEN),
        Arguments.of(List.class, Level.OPEN),
        Arguments.of(ByName.class, Level.OPEN),
        Arguments.of(new ParameterizedTypeReference<Box<Plain>>() {}, Level.OPEN),
        Arguments.of(new ParameterizedTypeReference<ArrayList<Point>>() {}, Level.OPEN),
        Arguments.of(new ParameterizedTypeReference<Collection<Point>>() {}, Level.OPEN),
        Arguments.of(new ParameterizedTypeReference<SortedSet<String>>() {}, Level.OPEN),
        Arguments.of(new ParameterizedTypeReference<Map<Point, String>>() {}, Level.OPEN),
        Arguments.of(new ParameterizedTypeReference<Map<Instant, String>>() {}, Level.OPEN),
        Arguments.of(new ParameterizedTypeReference<List<? extends Number>>() {}, Level.OPEN),
        Arguments.of(new ParameterizedTypeReference<Optional<Optional<String>>>() {}, Level.OPEN),
        Arguments.of(Row.class, Level.UNSOUND),
        Arguments.of(SubRow.class, Level.UNSOUND),
        Arguments.of(HoldsRow.class, Level.UNSOUND),
        Arguments.of(ByClass.class, Level.UNSOUND),
        Arguments.of(InputStream.class, Level.UNSOUND),
        Arguments.of(new ParameterizedTypeReference<List<Row>>() {}, Level.UNSOUND),
        Arguments.of(new ParameterizedTypeReference<Page<Row>>() {}, Level.UNSOUND),
        Arguments.of(new ParameterizedTypeReference<Map<String, Row>>() {}, Level.UNSOUND),
        Arguments.of(new ParameterizedTypeReference<Collection<Row>>() {}, Level.UNSOUND),
        Arguments.of(new ParameterizedTypeReference<Iterable<Row>>() {}, Level.UNSOUND),
        Arguments.of(new ParameterizedTypeReference<ArrayList<Row>>() {}, Level.UNSOUND),
        Arguments.of(new ParameterizedTypeReference<Holds<Holds<Row>>>() {}, Level.UNSOUND),
        Arguments.of(new ParameterizedTypeReference<Stream<String>>() {}, Level.UNSOUND),
        Arguments.of(new ParameterizedTypeReference<Iterator<String>>() {}, Level.UNSOUND),
        Arguments.of(new ParameterizedTypeReference<Optional<ByClass>>() {}, Level.UNSOUND));
  }

  @ParameterizedTest
  @MethodSource("levels")
  void tellsHowSoundATypeIs(Object type, Level level) {
    ValueType surveyed = types.of(javaType(type));

    assertThat(surveyed.soundness().level()).as(surveyed.soundness().reason()).isEqualTo(level);
    assertThat(surveyed.soundness().reason().isEmpty()).isEqualTo(level == Level.SOUND);
  }

  @Test
  void givesTheReason() {
    assertThat(types.of(HoldsRow.class).soundness().reason())
        .isEqualTo(Row.class.getName() + " is a JPA entity; return a record of it instead");
    assertThat(types.of(InputStream.class).soundness().reason())
        .isEqualTo("java.io.InputStream can be read only once");
    assertThat(types.of(ByClass.class).soundness().reason())
        .isEqualTo(ByClass.class.getName() + " would be read back by a class name out of Redis");
    assertThat(types.of(Plain.class).soundness().reason())
        .isEqualTo(Plain.class.getName() + " is neither a record nor a plain value");
  }

  @Test
  void endsForATypeThatGrowsWithoutEnd() {
    ValueType surveyed = types.of(javaType(new ParameterizedTypeReference<Expanding<String>>() {}));

    assertThat(surveyed.soundness().level()).isEqualTo(Level.UNSOUND);
  }

  @Test
  void takesTheValueOutOfWhatSpringUnwraps() throws NoSuchMethodException {
    assertThat(returned("optional")).isEqualTo(Person.class.getName());
    assertThat(returned("later")).isEqualTo(Person.class.getName());
    assertThat(returned("list")).isEqualTo("java.util.List<" + Person.class.getName() + ">");
    assertThat(
            types
                .returnedBy(Methods.class.getDeclaredMethod("any", Object.class), Methods.class)
                .toString())
        .isEqualTo("java.lang.Object");
  }

  @Test
  void findsTheTypeVariableOfAnInheritedMethod() throws NoSuchMethodException {
    ValueType type =
        types.returnedBy(Repository.class.getDeclaredMethod("find", long.class), People.class);

    assertThat(type).hasToString(Person.class.getName());
  }

  @Test
  void tellsAFutureThatIsNoStage() throws NoSuchMethodException {
    ValueType type = types.returnedBy(Methods.class.getDeclaredMethod("future"), Methods.class);

    assertThat(type.soundness().level()).isEqualTo(Level.UNSOUND);
  }

  @Test
  void aFingerprintIsTheSameForEverySurvey() {
    ValueTypes others = new ValueTypes(FieldMapper.create().getTypeFactory());

    assertThat(others.of(Person.class).fingerprint())
        .isEqualTo(types.of(Person.class).fingerprint());
  }

  /** A constant, since a process of the same code must read what an earlier one wrote. */
  @Test
  void aFingerprintDependsOnNothingButTheShape() {
    assertThat(types.of(String.class).fingerprint())
        .isEqualTo(types.of(new String[0].getClass().getComponentType()).fingerprint())
        .isEqualTo(firstOfSha256("java.lang.String"));
  }

  @Test
  void aFingerprintTellsTypesApart() {
    List<Object> all = levels().map(arguments -> arguments.get()[0]).toList();

    assertThat(all.stream().map(type -> types.of(javaType(type)).fingerprint()).distinct())
        .hasSameSizeAs(all);
  }

  private String returned(String method) throws NoSuchMethodException {
    return types.returnedBy(Methods.class.getDeclaredMethod(method), Methods.class).toString();
  }

  private static Type javaType(Object type) {
    return type instanceof ParameterizedTypeReference<?> reference
        ? reference.getType()
        : (Class<?>) type;
  }

  private static long firstOfSha256(String text) {
    try {
      byte[] digest =
          java.security.MessageDigest.getInstance("SHA-256")
              .digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      return java.nio.ByteBuffer.wrap(digest).getLong();
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
