package larder.adopter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import larder.cache.log.service.LogService;
import larder.cache.outbox.OutboxRelay;
import larder.cache.outbox.RelayState;
import larder.cache.outbox.WatchedTables;
import larder.dev.servers.Database;
import larder.dev.servers.TestServers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Another application that has the jar and names one Flyway location beside its own. */
@SpringBootTest(
    classes = AdopterApplication.class,
    webEnvironment = WebEnvironment.NONE,
    properties = {
      "spring.flyway.locations=classpath:adopter/migration,classpath:larder/postgresql",
      "spring.application.name=tracked-adopter",
      "larder.remote.deadline=2s",
      // A sampled hit runs its method behind the caller's back, and loads are counted here.
      "larder.consistency.one-in=0"
    })
class TrackedAdopterIntegrationTests {

  private static final Database DATABASE = TestServers.freshDatabase();
  private static final Duration BOUND = Duration.ofSeconds(2);

  @Autowired Library library;
  @Autowired BookRepository books;
  @Autowired LogService log;
  @Autowired OutboxRelay relay;
  @Autowired WatchedTables watched;

  @DynamicPropertySource
  static void servers(DynamicPropertyRegistry properties) {
    DATABASE.settings().forEach((name, value) -> properties.add(name, () -> value));
    properties.add("spring.data.redis.url", TestServers.redis()::url);
  }

  @BeforeEach
  void openWithTwoBooks() {
    await().until(log::isCurrent);
    byAnotherProgram("truncate author cascade");
    byAnotherProgram("insert into author values (1, 'Toni Morrison')");
    byAnotherProgram("insert into book values (1, 'Beloved', 1), (2, 'Jazz', 1)");
    await().untilAsserted(this::assertCached);
  }

  @Test
  void everyMappedTableIsWatched() {
    assertThat(relay.state()).isEqualTo(new RelayState(RelayState.Level.OUTBOX, null));
    assertThat(watched.names()).containsExactlyInAnyOrder("author", "book");
  }

  @Test
  void aChangeThroughJpaNeedsNoEvict() {
    library.rename(2, "Sula");
    assertThat(library.title(2)).contains("Sula");
    assertThat(library.titles()).containsExactly("Beloved", "Sula");
    library.loads().set(0);
    assertThat(library.title(1)).contains("Beloved");
    assertThat(library.loads()).as("loads of a book that was not changed").hasValue(0);
  }

  @Test
  void whatAnotherProgramChangesIsSeenWithinTheBound() {
    byAnotherProgram("update book set title = 'Sula' where id = 2");
    await()
        .atMost(BOUND)
        .until(
            () ->
                library.title(2).orElse("").equals("Sula")
                    && library.titles().equals(List.of("Beloved", "Sula")));
  }

  @Test
  void whatACascadeDeletesIsSeenWithinTheBound() {
    byAnotherProgram("delete from author");
    await().atMost(BOUND).until(() -> library.title(2).isEmpty() && library.titles().isEmpty());
  }

  private void assertCached() {
    library.title(1);
    library.title(2);
    library.titles();
    library.loads().set(0);
    assertThat(library.title(1)).contains("Beloved");
    assertThat(library.title(2)).contains("Jazz");
    assertThat(library.titles()).containsExactly("Beloved", "Jazz");
    assertThat(library.loads()).hasValue(0);
  }

  private static void byAnotherProgram(String sql) {
    try (Connection connection =
            DriverManager.getConnection(DATABASE.url(), DATABASE.user(), DATABASE.password());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }
}
