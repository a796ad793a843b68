package larder.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import larder.cache.LarderProperties;
import larder.limit.LimitProperties;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the documents say of commands, settings and files is what the build has. */
class DocumentsTests {

  private static final Path README = Path.of("README.md");
  private static final Path DOCS = Path.of("src/docs");
  private static final Pattern SETTING =
      Pattern.compile("^\\| `(larder\\.[^`]+)` \\| (?:`([^`]*)`)?", Pattern.MULTILINE);
  private static final Pattern SHELL = Pattern.compile("```sh\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern PROGRAM =
      Pattern.compile("^  public static void main\\(", Pattern.MULTILINE);
  private static final Pattern FEATURE =
      Pattern.compile(
          "^\\| [^|]+ \\| ([^|]+) \\| `(larder\\.[\\w.]+)` \\| [^|]+\\.md\\) \\| `(\\w+)` \\|$",
          Pattern.MULTILINE);
  private static final Pattern ANNOTATION = Pattern.compile("`@(\\w+)`");
  private static final Set<String> SPRINGS = Set.of("Cacheable", "CachePut", "CacheEvict");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");

  @Test
  void theReferenceNamesJustTheSettingsOfTheBuild() throws IOException {
    Map<String, String> documented = settings(DOCS.resolve("settings.md"));
    assertThat(documented.keySet()).containsExactlyInAnyOrderElementsOf(built().keySet());
    built()
        .forEach(
            (name, value) -> {
              if (!value.isEmpty()) {
                assertThat(documented).containsEntry(name, value);
              }
            });
  }

  @Test
  void theReadmeSaysNothingElseOfSettings() throws IOException {
    Map<String, String> reference = settings(DOCS.resolve("settings.md"));
    settings(README)
        .forEach(
            (name, value) -> {
              assertThat(reference).containsKey(name);
              assertThat(value).isIn(reference.get(name), "");
            });
  }

  @Test
  void everySettingHasADescription() throws IOException {
    for (JsonNode property : metadata()) {
      assertThat(property.path("description").asString("")).as(property.toString()).isNotBlank();
    }
  }

  @Test
  void theCommandsOfTheReadmeAreThoseOfTheBuild() throws IOException {
    List<String> commands =
        matches(SHELL, Files.readString(README))
            .flatMap(block -> block.group(1).replace("\\\n", "").lines())
            .toList();
    assertThat(commands).isNotEmpty();
    String pom = Files.readString(Path.of("pom.xml"));
    String jar =
        "target/%s-%s-app.jar".formatted(element(pom, "artifactId", 1), element(pom, "version", 1));
    for (String command : commands) {
      assertThat(command)
          .matches(
              "mvn verify|mvn package -DskipTests|mvn spring-boot:test-run"
                  + "( -Dspring-boot.run.(arguments=--server.port=\\d+|profiles=demo))?"
                  + "|(SPRING_[A-Z_]+=\\S+ +)+java -jar "
                  + Pattern.quote(jar));
    }
    assertThat(pom).contains("<classifier>app</classifier>", "spring-boot-maven-plugin");
  }

  @Test
  void theFeaturesAreThoseOfTheBuild() throws IOException {
    List<MatchResult> features = matches(FEATURE, Files.readString(README)).toList();
    for (MatchResult feature : features) {
      matches(ANNOTATION, feature.group(1))
          .map(found -> found.group(1))
          .filter(name -> !SPRINGS.contains(name))
          .forEach(name -> assertThat(sources(name + ".java")).as("@" + name).hasSize(1));
      assertThat(Path.of("src/main/java", feature.group(2).split("\\."))).isDirectory();
      assertThat(sources(feature.group(3) + ".java")).as(feature.group(3)).hasSize(1);
    }
    List<String> named = features.stream().map(feature -> feature.group(2)).toList();
    try (Stream<Path> parts = Files.list(Path.of("src/main/java/larder"))) {
      List<String> all =
          parts
              .map(part -> "larder." + part.getFileName())
              .filter(part -> !Set.of("larder.monolith", "larder.redis").contains(part))
              .toList();
      assertThat(named).containsAll(all);
    }
  }

  private static List<Path> sources(String name) {
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      return files.filter(file -> file.endsWith(name)).toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void testRunFindsOneProgram() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      List<String> programs =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> PROGRAM.matcher(read(file)).find())
              .filter(file -> read(file).contains("\n@SpringBootApplication"))
              .map(file -> file.getFileName().toString())
              .toList();
      assertThat(programs).containsExactly("DevApplication.java");
    }
  }

  @Test
  void linksLeadToFiles() throws IOException {
    try (Stream<Path> docs = Files.list(DOCS)) {
      for (Path document : Stream.concat(Stream.of(README), docs).toList()) {
        if (document.toString().endsWith(".md")) {
          matches(LINK, Files.readString(document))
              .forEach(link -> assertThat(document.resolveSibling(link.group(1))).exists());
        }
      }
    }
  }

  /** Returns the settings that the build knows, with their defaults as text. */
  private static Map<String, String> built() throws IOException {
    Map<String, String> settings = new TreeMap<>();
    for (JsonNode property : metadata()) {
      settings.put(property.path("name").asString(""), property.path("defaultValue").asString(""));
    }
    settings.remove("larder.caches");
    settings.keySet().removeIf(name -> name.startsWith("management.")); // the endpoint's, of Boot
    for (RecordComponent part : LarderProperties.Settings.class.getRecordComponents()) {
      settings.put(
          "larder.caches.<name>." + DataObjectPropertyName.toDashedForm(part.getName()), "");
    }
    settings.remove("larder.limits");
    for (RecordComponent part : LimitProperties.Settings.class.getRecordComponents()) {
      settings.put(
          "larder.limits.<name>." + DataObjectPropertyName.toDashedForm(part.getName()), "");
    }
    return settings;
  }

  private static JsonNode metadata() throws IOException {
    try (InputStream json =
        Files.newInputStream(
            Path.of("target/classes/META-INF/spring-configuration-metadata.json"))) {
      return new JsonMapper().readTree(json).path("properties");
    }
  }

  private static Map<String, String> settings(Path document) throws IOException {
    return matches(SETTING, Files.readString(document))
        .collect(
            Collectors.toMap(row -> row.group(1), row -> row.group(2) == null ? "" : row.group(2)));
  }

  private static Stream<MatchResult> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results();
  }

  private static String element(String pom, String name, int index) {
    return matches(Pattern.compile("<" + name + ">([^<]*)</"), pom)
        .skip(index)
        .findFirst()
        .orElseThrow()
        .group(1);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
