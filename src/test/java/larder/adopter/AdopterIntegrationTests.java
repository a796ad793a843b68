package larder.adopter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import larder.cache.log.service.LogService;
import larder.cache.manager.LarderCacheManager;
import larder.cache.near.NearCache;
import larder.dev.servers.Database;
import larder.dev.servers.TestServers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.CacheManager;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Sort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** What another application caches today is cached soundly, or answered with one clear word. */
@SpringBootTest(
    classes = AdopterApplication.class,
    webEnvironment = WebEnvironment.NONE,
    properties = {
      "spring.jpa.hibernate.ddl-auto=create",
      "spring.flyway.enabled=false",
      "spring.application.name=adopter",
      "larder.remote.deadline=2s",
      // A sampled hit runs its method behind the caller's back, and loads are counted here.
      "larder.consistency.one-in=0"
    })
@ExtendWith(OutputCaptureExtension.class)
class AdopterIntegrationTests {

  private static final Database DATABASE = TestServers.freshDatabase();

  @Autowired Library library;
  @Autowired BookRepository books;
  @Autowired AuthorRepository authors;
  @Autowired CacheManager caches;
  @Autowired NearCache near;
  @Autowired LogService log;

  @DynamicPropertySource
  static void servers(DynamicPropertyRegistry properties) {
    DATABASE.settings().forEach((name, value) -> properties.add(name, () -> value));
    properties.add("spring.data.redis.url", TestServers.redis()::url);
  }

  @BeforeEach
  void startEmpty() {
    await().until(log::isCurrent);
    for (String name : caches.getCacheNames()) {
      Objects.requireNonNull(caches.getCache(name)).clear();
    }
    library.loads().set(0);
  }

  @Test
  void usesTheLayerWithoutAWord() {
    assertThat(caches).isInstanceOf(LarderCacheManager.class);
  }

  @Test
  void cachesARecord() {
    assertThat(loadedOnce(() -> library.loan(7)).due()).contains(LocalDate.of(2026, 2, 3));
    await()
        .untilAsserted(
            () ->
                assertThat(TestServers.redis().command("EXISTS", "adopter:loans:v1:7"))
                    .contains("1"));
  }

  @Test
  void cachesAnOptional() {
    assertThat(loadedOnce(() -> library.reader(1))).contains("Reader 1");
  }

  @Test
  void cachesNotFound() {
    assertThat(loadedOnce(() -> library.reader(0))).isEmpty();
    library.loads().set(0);
    library.nobody(1);
    assertThat(library.nobody(1)).isNull();
    assertThat(library.loads()).hasValue(1);
  }

  @Test
  void cachesAMap() {
    assertThat(loadedOnce(library::countsByGenre))
        .containsExactly(entry("poetry", List.of(1, 2)), entry("prose", List.of()));
  }

  @Test
  void cachesAPageUnderAPageable() {
    PageRequest asked = PageRequest.of(1, 2, Sort.by("since").descending().and(Sort.by("book")));
    Page<Library.Loan> page = library.loans(asked);
    library.loads().set(0);
    assertThat(library.loans(asked)).isEqualTo(page);
    assertThat(library.loads()).hasValue(0);
    library.loans(PageRequest.of(2, 2));
    assertThat(library.loads()).hasPositiveValue();
  }

  @Test
  void cachesAMethodWithoutArguments() {
    assertThat(loadedOnce(library::openingHours)).isEqualTo("9 to 5");
  }

  @Test
  void cachesWithSync() {
    assertThat(loadedOnce(() -> library.synchronised("k"))).isEqualTo("value of k");
  }

  @Test
  void cachesACompletableFuture() {
    assertThat(loadedOnce(() -> library.later("k").join())).isEqualTo("later k");
  }

  @Test
  void keepsTwoTypesInOneCacheApart() {
    assertThat(library.asText(1)).isEqualTo("text 1");
    assertThat(library.asLoan(1).reader()).isEqualTo("x");
    assertThat(library.asText(1)).isEqualTo("text 1");
  }

  @Test
  void losesNoPartOfAClass(CapturedOutput output) {
    assertThat(library.shelf(3).describe()).isEqualTo("shelf3");
    assertThat(library.shelf(3).describe()).isEqualTo("shelf3");
  }

  @Test
  void answersUncachedWhatMayBeAnything(CapturedOutput output) {
    assertThat(loadedOnce(() -> library.anything("text"))).isEqualTo("text");
    library.loads().set(0);
    assertThat(library.anything("shelf")).isInstanceOf(Library.Shelf.class);
    assertThat(library.anything("shelf")).isInstanceOf(Library.Shelf.class);
    assertThat(library.loads()).hasValue(2);
    assertThat(output.getOut()).containsOnlyOnce("Cache 'anything'");
  }

  @Test
  void answersUncachedAKeyWithoutText(CapturedOutput output) {
    library.byObject(new Object());
    library.byObject(new Object());
    assertThat(library.loads()).hasValue(2);
    assertThat(output.getOut()).containsOnlyOnce("Cache 'by-object'").contains("key = ");
  }

  @Test
  void answersEntitiesWholeAndUncached() {
    Author author = authors.save(new Author(1, "Toni Morrison"));
    books.save(new Book(1, "Beloved", author));
    books.findByTitleStartingWith("Be");
    Book again = books.findByTitleStartingWith("Be").get(0);
    assertThat(again.title()).isEqualTo("Beloved");
    assertThat(again.author()).isNotNull().returns("Toni Morrison", Author::name);
    assertThat(TestServers.redis().command("EXISTS", "adopter:books-by-title:v1:Be")).contains("0");
  }

  @Test
  void saysAtStartWhichMethodIsNotCachedAndWhy(CapturedOutput output) {
    new SpringApplicationBuilder(AdopterApplication.class)
        .web(WebApplicationType.NONE)
        .properties(DATABASE.settings())
        .properties(Map.of("spring.data.redis.url", TestServers.redis().url()))
        .run("--spring.jpa.hibernate.ddl-auto=none", "--spring.flyway.enabled=false")
        .close();
    assertThat(output.getOut())
        .contains("BookRepository.findByTitleStartingWith is not cached")
        .contains("larder.adopter.Book is a JPA entity; return a record of it instead");
  }

  @Test
  void putsAndEvicts() {
    library.loan(7);
    library.extend(7, LocalDate.of(2027, 1, 1));
    library.loads().set(0);
    assertThat(library.loan(7).due()).contains(LocalDate.of(2027, 1, 1));
    assertThat(library.loads()).hasValue(0);
    library.closeForInventory();
    library.loan(7);
    assertThat(library.loads()).hasValue(1);
  }

  @Test
  void readsGarbageAsAbsent() {
    library.loan(7);
    await().until(() -> TestServers.redis().command("EXISTS", "adopter:loans:v1:7").equals("1"));
    TestServers.redis().command("SET", "adopter:loans:v1:7", "garbage");
    near.clear();
    assertThat(library.loan(7).reader()).isEqualTo("Grace");
    assertThat(library.loads()).hasValue(2);
  }

  private <T> T loadedOnce(Supplier<T> call) {
    T first = call.get();
    int loads = library.loads().get();
    T second = call.get();
    assertThat(library.loads()).as("loads after the second call").hasValue(loads);
    assertThat(second).isEqualTo(first);
    return second;
  }
}
