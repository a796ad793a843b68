package larder.cache.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classes of one name and different shapes, as two versions of an application have them. */
class ShapesTests {

  @TempDir Path folder;

  @Test
  void everyChangeOfAClassChangesItsFingerprint() throws Exception {
    List<String> versions =
        List.of(
            "public record Thing(int a, String b) {}",
            "public record Thing(int a, String c) {}",
            "public record Thing(long a, String b) {}",
            "public record Thing(int a) {}",
            "public record Thing(int a, String b, String c) {}",
            "public record Thing(Part a, String b) { public record Part(int x) {} }",
            "public record Thing(Part a, String b) { public record Part(int y) {} }",
            "public record Thing(E a, String b) { public enum E { X, Y } }",
            "public record Thing(E a, String b) { public enum E { X, Z } }",
            "public class Thing extends Base { int a; } class Base { int b; }",
            "public class Thing extends Base { int a; } class Base { int c; }");
    Set<Long> fingerprints = new HashSet<>();
    for (String version : versions) {
      fingerprints.add(fingerprint(version));
    }
    assertThat(fingerprints).hasSameSizeAs(versions);
  }

  @Test
  void whatIsNotStoredChangesNoFingerprint() throws Exception {
    assertThat(fingerprint("public record Thing(int a) {}"))
        .isEqualTo(
            fingerprint(
                "public record Thing(int a) { static int count; int twice() { return 2 * a; } }"));
  }

  /** A part that only a named subtype has is part of the shape, too. */
  @Test
  void aChangeOfANamedSubtypeChangesTheFingerprint() throws Exception {
    String type =
        """
        import com.fasterxml.jackson.annotation.*;
        @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
        @JsonSubTypes(@JsonSubTypes.Type(value = Thing.Cat.class, name = "cat"))
        public interface Thing { class Cat implements Thing { int %s; } }
        """;
    Map<String, Long> fingerprints = new HashMap<>();
    for (String field : List.of("lives", "years")) {
      fingerprints.put(field, fingerprint(type.formatted(field)));
    }
    assertThat(new HashSet<>(fingerprints.values())).hasSize(2);
  }

  private long fingerprint(String source) throws Exception {
    Path classes = Files.createTempDirectory(folder, "classes");
    JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
    boolean compiled =
        compiler
            .getTask(
                null,
                null,
                null,
                List.of(
                    "-proc:none", "-d", "" + classes, "-cp", System.getProperty("java.class.path")),
                null,
                List.of(source("Thing", source)))
            .call();
    assertThat(compiled).isTrue();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
      return new ValueTypes(FieldMapper.create().getTypeFactory())
          .of(loader.loadClass("Thing"))
          .fingerprint();
    }
  }

  private static JavaFileObject source(String name, String text) {
    URI uri = URI.create("string:///" + name + ".java");
    return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) throws IOException {
        return text;
      }
    };
  }
}
