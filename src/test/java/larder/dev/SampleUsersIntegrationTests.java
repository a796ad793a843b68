package larder.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import larder.dev.servers.Database;
import larder.dev.servers.TestServers;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;

class SampleUsersIntegrationTests {

  private static final String PEOPLE =
      "select string_agg(handle || email || display_name || bio, ',' order by handle) from users";

  @Test
  void areAboutTwoThousandAndLookLikePeople() throws SQLException {
    Database database = withSampleUsers();

    assertThat(number(database, "select count(*) from users")).isBetween(1_950L, 2_050L);
    assertThat(number(database, "select count(*) from users where created_at > now()")).isZero();
    assertThat(
            number(
                database, "select count(*) from users where created_at > now() - interval '7 day'"))
        .isBetween(10L, 100L);
    assertThat(number(database, "select count(distinct display_name) from users"))
        .isGreaterThan(1_950L);
    assertThat(number(database, "select count(*) from users where bio = ''")).isLessThan(300L);
    assertThat(number(database, "select count(*) from users where display_name ~ '[^ -~]'"))
        .isGreaterThan(500L);
  }

  @Test
  void areTheSameInEveryDatabase() throws SQLException {
    assertThat(text(withSampleUsers(), PEOPLE)).isEqualTo(text(withSampleUsers(), PEOPLE));
  }

  @Test
  void stayChangedAndDeletedAfterARestart() throws SQLException {
    Database database = withSampleUsers();
    execute(database, "update users set bio = 'mine' where handle = 'grace'");
    execute(database, "delete from users where handle not in ('ada', 'grace')");

    SampleUsers.add(migrated(database));

    assertThat(number(database, "select count(*) from users")).isEqualTo(2);
    assertThat(text(database, "select bio from users where handle = 'grace'")).isEqualTo("mine");
  }

  @Test
  void leaveTheirDatabaseAcceptableToABuildWithoutThem() throws SQLException {
    Database database = withSampleUsers();

    assertThat(migrated(database).validateWithResult().validationSuccessful).isTrue();
  }

  @Test
  void signInAsTheConsoleTells() throws SQLException {
    Database database = withSampleUsers();
    var encoder = PasswordEncoderFactories.createDelegatingPasswordEncoder();

    for (String handle : new String[] {"ada", "grace"}) {
      String hash =
          text(database, "select password_hash from users where handle = '" + handle + "'");
      assertThat(encoder.matches("larder-demo", hash)).isTrue();
    }
    assertThat(text(database, "select string_agg(handle, ',') from users where administrator"))
        .isEqualTo("ada");
  }

  private static Database withSampleUsers() {
    Database database = TestServers.freshDatabase();
    SampleUsers.add(migrated(database));
    return database;
  }

  private static Flyway migrated(Database database) {
    Flyway flyway =
        Flyway.configure().dataSource(database.url(), database.user(), database.password()).load();
    flyway.migrate();
    return flyway;
  }

  private static void execute(Database database, String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long number(Database database, String query) throws SQLException {
    return Long.parseLong(text(database, query));
  }

  private static String text(Database database, String query) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
