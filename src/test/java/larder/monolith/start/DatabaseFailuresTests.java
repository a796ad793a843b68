package larder.monolith.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseFailuresTests {

  private static final DatabaseFailures FAILURES =
      new DatabaseFailures("jdbc:postgresql://db.example/larder?ssl=true", "ada", "s3cret");

  @Test
  void everyActionSaysWhatToSetAndWhatToRunInstead() {
    assertThat(DatabaseFailures.notConfigured().action())
        .contains("SPRING_DATASOURCE_URL=jdbc:postgresql://")
        .contains("SPRING_DATASOURCE_USERNAME=")
        .contains("SPRING_DATASOURCE_PASSWORD=")
        .contains("mvn spring-boot:test-run");
    assertThat(explain("28P01", "").action()).isEqualTo(DatabaseFailures.notConfigured().action());
  }

  @Test
  void missingUrlIsNamed() {
    assertThat(DatabaseFailures.notConfigured().description())
        .isEqualTo("No database is configured: spring.datasource.url is not set.");
  }

  @Test
  void rejectedPasswordNamesTheUser() {
    assertThat(explain("28P01", "password authentication failed").description())
        .isEqualTo(
            "The database at jdbc:postgresql://db.example/larder rejects the sign-in of user"
                + " 'ada': the user, or the password, is wrong.");
  }

  @Test
  void missingDatabaseIsNamed() {
    assertThat(explain("3D000", "database does not exist").description())
        .isEqualTo(
            "The database server answers, but has no such database: "
                + "jdbc:postgresql://db.example/larder");
  }

  @Test
  void unreachableServerTellsWhy() {
    assertThat(unreachable(new ConnectException("Connection refused")))
        .isEqualTo(
            "The database at jdbc:postgresql://db.example/larder cannot be reached:"
                + " Connection refused");
    assertThat(unreachable(new UnknownHostException("db.example")))
        .endsWith("cannot be reached: unknown host db.example");
  }

  @Test
  void otherReasonsAreTheServersOwn() {
    assertThat(explain("53300", "too many connections").description())
        .isEqualTo(
            "The database at jdbc:postgresql://db.example/larder refuses the connection:"
                + " too many connections");
  }

  @Test
  void urlOfAnotherDatabaseIsRefused() {
    DatabaseFailures failures = new DatabaseFailures("jdbc:mysql://h/d?password=s3cret", "", "");

    assertThat(failures.explain(new SQLException("No suitable driver")).description())
        .isEqualTo(
            "spring.datasource.url must be a PostgreSQL URL, jdbc:postgresql://..., was: "
                + "jdbc:mysql://h/d");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://db/larder?user=ada&password=s3cret",
        "jdbc:postgresql://ada:s3cret@db/larder",
        "jdbc:postgresql://ada:s3cret@db/larder?password=s3cret",
        "jdbc:postgresql://db/larder#s3cret",
        "postgres://ada:s3cret@db/larder",
        "jdbc:postgresql:",
      })
  void noPasswordIsEverPrinted(String url) {
    for (String state : new String[] {"28P01", "3D000", "08001", "99999", ""}) {
      SQLException failure = new SQLException("bad URL " + url + " or password s3cret", state);
      assertThat(new DatabaseFailures(url, "ada", "s3cret").explain(failure).description())
          .doesNotContain("s3cret");
    }
  }

  private static StartFailure explain(String state, String message) {
    return FAILURES.explain(new SQLException(message, state));
  }

  private static String unreachable(Exception reason) {
    return FAILURES.explain(new SQLException("attempt failed", "08001", reason)).description();
  }
}
