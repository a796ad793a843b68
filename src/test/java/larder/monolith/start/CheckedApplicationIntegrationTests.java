package larder.monolith.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import larder.dev.servers.Database;
import larder.dev.servers.Loopback;
import larder.dev.servers.TestServers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** What a person reads when the monolith cannot start, and that nothing else is printed. */
@ExtendWith(OutputCaptureExtension.class)
class CheckedApplicationIntegrationTests {

  private final Database database = TestServers.freshDatabase();

  @Test
  void startsWithADatabase() {
    try (ConfigurableApplicationContext context = run(database.url(), database.password())) {
      assertThat(context.isRunning()).isTrue();
    }
  }

  @Test
  void refusesToStartWithoutADatabase(CapturedOutput output) {
    assertRefused(output, "", "", "No database is configured");
  }

  @Test
  void refusesToStartWhenNothingListens(CapturedOutput output) {
    String url = "jdbc:postgresql://127.0.0.1:" + Loopback.freePort() + "/larder";

    assertRefused(output, url, "s3cret", "cannot be reached: Connection refused");
  }

  @Test
  void refusesToStartWithAWrongPassword(CapturedOutput output) {
    assertRefused(output, database.url(), "s3cret", "rejects the sign-in of user 'larder'");
    assertThat(output).doesNotContain("s3cret");
  }

  @Test
  void refusesToStartWithAMissingDatabase(CapturedOutput output) {
    assertRefused(
        output, database.url() + "_not", database.password(), "has no such database: jdbc:");
  }

  @Test
  void refusesToStartOnAChangedMigration(CapturedOutput output) throws SQLException {
    run(database.url(), database.password()).close();
    execute("update flyway_schema_history set checksum = checksum + 1 where version = '1'");

    assertRefused(
        output,
        database.url(),
        database.password(),
        "Migration checksum mismatch for migration version 1");
  }

  @Test
  void startsOnANewerDatabaseAndWarns(CapturedOutput output) throws SQLException {
    run(database.url(), database.password()).close();
    execute(
        """
        insert into flyway_schema_history
          (installed_rank, version, description, type, script, installed_by, execution_time, success)
        values (999, '999', 'future', 'SQL', 'V999__future.sql', 'larder', 1, true)""");

    try (ConfigurableApplicationContext context = run(database.url(), database.password())) {
      assertThat(context.isRunning()).isTrue();
    }
    assertThat(output).contains("version (999) that is newer than the latest available migration");
  }

  private void assertRefused(
      CapturedOutput output, String url, String password, String description) {
    assertThatThrownBy(() -> run(url, password)).isInstanceOf(StartRefusedException.class);
    assertThat(output)
        .containsOnlyOnce("APPLICATION FAILED TO START")
        .contains(description)
        .doesNotContain("\tat ");
  }

  private ConfigurableApplicationContext run(String url, String password) {
    CheckedApplication application = new CheckedApplication(Migrating.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    List<String> arguments = new ArrayList<>();
    arguments.add("--spring.datasource.url=" + url);
    arguments.add("--spring.datasource.username=" + database.user());
    arguments.add("--spring.datasource.password=" + password);
    return application.run(arguments.toArray(String[]::new));
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** As much of an application as migrates. */
  @SpringBootConfiguration
  @ImportAutoConfiguration({DataSourceAutoConfiguration.class, FlywayAutoConfiguration.class})
  static class Migrating {}
}
