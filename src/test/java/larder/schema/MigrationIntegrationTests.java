package larder.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import larder.dev.servers.TestServers;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.flywaydb.core.api.output.MigrateResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What becomes of a database that two nodes migrate, whose history was changed, or that is newer
 * than the build.
 *
 * <ul>
 *   <li>Two nodes at once: Flyway's lock lets one migrate, the other waits and finds nothing to do.
 *   <li>A changed migration: the node refuses to start and nothing is written.
 *   <li>A newer database: the node starts, since a rolling deploy has older nodes beside the newer
 *       schema. Flyway warns; Hibernate's {@code ddl-auto=validate} stops a node whose tables or
 *       columns are gone.
 * </ul>
 */
class MigrationIntegrationTests {

  private static final String HISTORY = "select count(*) from flyway_schema_history";

  private final Schema schema = new Schema(TestServers.freshDatabase());

  @Test
  void twoNodesAtOnceMigrateOnce() throws Exception {
    CyclicBarrier start = new CyclicBarrier(2);
    Callable<MigrateResult> node =
        () -> {
          start.await();
          return schema.flyway().load().migrate();
        };

    List<MigrateResult> results = runAll(List.of(node, node));

    int migrations = schema.flyway().load().info().applied().length;
    assertThat(results).allMatch(result -> result.success);
    assertThat(results.stream().mapToInt(result -> result.migrationsExecuted).sum())
        .isEqualTo(migrations);
    assertThat(schema.ask(HISTORY)).isEqualTo("" + migrations);
  }

  @Test
  void changedMigrationIsRefusedAndChangesNothing() throws SQLException {
    schema.migrated();
    schema.execute("update flyway_schema_history set checksum = checksum + 1 where version = '1'");
    String before = schema.ask(HISTORY);

    assertThatThrownBy(schema::migrated)
        .isInstanceOf(FlywayValidateException.class)
        .hasMessageContaining("checksum mismatch for migration version 1");
    assertThat(schema.ask(HISTORY)).isEqualTo(before);
  }

  @Test
  void newerDatabaseIsAccepted(@TempDir Path future) throws IOException, SQLException {
    Files.writeString(future.resolve("V999__future.sql"), "alter table users add mood text;");
    schema.flyway().locations("classpath:db/migration", "filesystem:" + future).load().migrate();

    MigrateResult result = schema.flyway().load().migrate();

    assertThat(result.success).isTrue();
    assertThat(result.migrationsExecuted).isZero();
    assertThat(schema.ask("select count(mood) from users")).isEqualTo("0");
  }

  @Test
  void failedMigrationLeavesNothingBehind(@TempDir Path broken) throws IOException, SQLException {
    schema.migrated();
    Files.writeString(
        broken.resolve("V999__broken.sql"), "create table half (id int); select * from nowhere;");

    assertThatThrownBy(
            () ->
                schema
                    .flyway()
                    .locations("classpath:db/migration", "filesystem:" + broken)
                    .load()
                    .migrate())
        .hasMessageContaining("nowhere");
    assertThat(schema.ask("select to_regclass('half')")).isNull();
    assertThat(schema.migrated().ask("select count(*) from users")).isEqualTo("0");
  }

  private static <T> List<T> runAll(List<Callable<T>> tasks) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    try {
      List<Future<T>> futures = threads.invokeAll(tasks, 60, TimeUnit.SECONDS);
      return List.of(futures.get(0).get(), futures.get(1).get());
    } finally {
      threads.shutdownNow();
    }
  }
}
