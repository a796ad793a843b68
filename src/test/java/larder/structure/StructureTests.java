package larder.structure;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The directions between packages, each rule once seen to fail. */
class StructureTests {

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("larder");

  private static final JavaClasses TESTS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.OnlyIncludeTests())
          .withImportOption(location -> !location.contains("/structure/fixture/"))
          .importPackages("larder");

  private static final JavaClasses FIXTURE =
      new ClassFileImporter().importPackages("larder.structure.fixture");

  private static final ArchRule TREE = slices().matching("(**)").should().beFreeOfCycles();

  private static final ArchRule SETTABLE_TIME =
      noClasses()
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(java.time.Instant.class, "now")
          .because("time is injected as a Clock");

  @Test
  void packagesFormATree() {
    TREE.check(MAIN);
    TREE.check(TESTS);
  }

  @Test
  void aCycleIsFound() {
    assertThatThrownBy(() -> TREE.check(FIXTURE)).hasMessageContaining("Cycle detected");
  }

  @Test
  void theWayToRedisKnowsNoOtherPackageOfOurs() {
    knowsOnly("larder.redis..", "larder.redis..");
  }

  @Test
  void eachFeatureKnowsTheWayToRedisAndNoOtherPackageOfOurs() throws IOException {
    try (Stream<Path> parts = Files.list(Path.of("src/main/java/larder"))) {
      parts
          .map(part -> part.getFileName().toString())
          .filter(part -> !part.equals("monolith"))
          .forEach(
              part ->
                  knowsOnly("larder." + part + "..", "larder." + part + "..", "larder.redis.."));
    }
  }

  @Test
  void locksKnowTheWayToRedisAndNoOtherPackageOfOurs() {
    knowsOnly("larder.locks..", "larder.locks..", "larder.redis..");
  }

  @Test
  void leaderboardsKnowTheWayToRedisAndNoOtherPackageOfOurs() {
    knowsOnly("larder.ranking..", "larder.ranking..", "larder.redis..");
  }

  private static void knowsOnly(String part, String... known) {
    noClasses()
        .that(resideInAPackage(part))
        .should()
        .dependOnClassesThat(resideInAPackage("larder..").and(not(resideInAnyPackage(known))))
        .check(MAIN);
  }

  @Test
  void theContractsOfTheLayerKnowNoneOfItsMechanisms() {
    ArchRule rule =
        noClasses()
            .that(resideInAPackage("larder.cache"))
            .should()
            .dependOnClassesThat(resideInAPackage("larder.cache.*.."));
    rule.check(MAIN);
  }

  @Test
  void onlyTheWiringKnowsTheWiring() {
    noClasses()
        .that(not(resideInAPackage("larder..autoconfigure..")))
        .should()
        .dependOnClassesThat(resideInAPackage("larder..autoconfigure.."))
        .check(MAIN);
  }

  @Test
  void nothingOutsideTheMonolithKnowsIt() {
    noClasses()
        .that(not(resideInAPackage("larder.monolith..")))
        .should()
        .dependOnClassesThat(resideInAPackage("larder.monolith.."))
        .check(MAIN);
  }

  @Test
  void theLayerUsesNothingThatOnlyTheMonolithHas() {
    noClasses()
        .that(not(resideInAPackage("larder.monolith..")))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("org.thymeleaf..", "org.springframework.security.."))
        .check(MAIN);
  }

  /** What an adopter may lack is used in one place, beside the configuration that asks for it. */
  @Test
  void whatAnAdopterMayLackIsUsedWhereItBelongs() {
    String[] web = {"org.springframework.web..", "jakarta.servlet.."};
    onlyIn("larder.cache", List.of("larder.cache.web..", "larder.cache.page.."), web);
    onlyIn("larder.limit", List.of("larder.limit.web.."), web);
    onlyIn("larder.cache", List.of("larder.cache.outbox.."), "org.flywaydb..", "org.postgresql..");
    onlyIn("larder.limit", List.of("larder.limit.metrics.."), "io.micrometer..");
  }

  private static void onlyIn(String part, List<String> places, String... libraries) {
    noClasses()
        .that(resideInAPackage(part + ".."))
        .and(not(resideInAnyPackage(places.toArray(String[]::new))))
        .and(not(resideInAPackage(part + ".autoconfigure..")))
        .should()
        .dependOnClassesThat(resideInAnyPackage(libraries))
        .check(MAIN);
  }

  @Test
  void timeIsInjected() {
    SETTABLE_TIME.check(MAIN);
    assertThatThrownBy(() -> SETTABLE_TIME.check(FIXTURE))
        .hasMessageContaining("currentTimeMillis");
  }

  @Test
  void testsAssertWithAssertJ() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("org.junit.jupiter.api.Assertions")
        .orShould()
        .dependOnClassesThat(resideInAnyPackage("org.hamcrest..", "org.mockito.."))
        .check(TESTS);
  }

  @Test
  void everyPackageSaysWhatItIsAndIsNullMarked() throws IOException {
    for (Path folder : foldersWithClasses()) {
      Path info = described(folder).resolve("package-info.java");
      assertThat(info).isRegularFile();
      assertThat(Files.readString(info)).startsWith("/**").contains("@NullMarked");
    }
  }

  @Test
  void namesSayTheJob() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      List<String> vague =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.matches(".*(Impl|Helper|Utils?|Base|Misc)\\.java"))
              .toList();
      assertThat(vague).isEmpty();
    }
  }

  /** A package that tests share with what they test is described there. */
  private static Path described(Path folder) {
    Path main = Path.of(folder.toString().replace("src/test/java", "src/main/java"));
    return Files.isDirectory(main) ? main : folder;
  }

  private static List<Path> foldersWithClasses() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(Path::getParent)
          .distinct()
          .toList();
    }
  }
}
