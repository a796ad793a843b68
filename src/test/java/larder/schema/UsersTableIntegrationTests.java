package larder.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import larder.dev.servers.TestServers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the database itself refuses, whoever writes. */
class UsersTableIntegrationTests {

  private static final Schema SCHEMA = new Schema(TestServers.freshDatabase()).migrated();

  @BeforeEach
  void empty() throws SQLException {
    SCHEMA.execute("truncate users cascade");
  }

  @Test
  void generatesIds() throws SQLException {
    insert("handle", "'one'", "email", "'one@example.org'");
    insert("handle", "'two'", "email", "'two@example.org'");

    assertThat(SCHEMA.ask("select count(distinct id) from users where id > 0")).isEqualTo("2");
    assertThatThrownBy(() -> insert("handle", "'three'", "id", "7")).hasMessageContaining("\"id\"");
  }

  @ParameterizedTest
  @CsvSource({"Ada,ADA", "ada,Ada", "x_Y,X_y"})
  void refusesOneHandleTwiceHoweverSpelled(String first, String second) throws SQLException {
    insert("handle", quoted(first), "email", "'one@example.org'");

    assertRefusedBy("users_handle_key", "handle", quoted(second), "email", "'two@example.org'");
  }

  @ParameterizedTest
  @CsvSource({"a@example.org,A@Example.Org", "ÅSA@example.org,åsa@example.org"})
  void refusesOneEmailTwiceHoweverSpelled(String first, String second) throws SQLException {
    insert("handle", "'one'", "email", quoted(first));

    assertRefusedBy("users_email_key", "handle", "'two'", "email", quoted(second));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "-ada", "_ada", "a b", "ada!", "åsa", "ada\n"})
  void refusesHandlesOfAnotherForm(String handle) {
    assertRefusedBy("users_handle_form", "handle", quoted(handle));
  }

  @Test
  void limitsTheLengthOfHandles() {
    assertThatCode(() -> insert("handle", "repeat('a', 30)")).doesNotThrowAnyException();
    assertRefusedBy("users_handle_form", "handle", "repeat('b', 31)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ada", "@example.org", "ada@", "a@b@c", "a da@example.org"})
  void refusesEmailsOfAnotherForm(String email) {
    assertRefusedBy("users_email_form", "email", quoted(email));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", " Ada", "Ada "})
  void refusesBlankAndPaddedDisplayNames(String name) {
    assertRefusedBy("users_display_name_form", "display_name", quoted(name));
  }

  @Test
  void limitsTheLengthOfTexts() {
    assertRefusedBy("users_display_name_form", "display_name", "repeat('é', 61)");
    assertRefusedBy("users_bio_form", "bio", "repeat('é', 501)");
    assertRefusedBy("users_email_form", "email", "repeat('a', 250) || '@b.de'");
    assertThatCode(() -> insert("display_name", "repeat('é', 60)", "bio", "repeat('é', 500)"))
        .doesNotThrowAnyException();
  }

  @Test
  void refusesPasswordsThatAreNotEncoded() {
    assertRefusedBy("users_password_hash_form", "password_hash", "'larder-demo'");
  }

  @Test
  void refusesUpdatesBeforeCreation() {
    assertRefusedBy("users_times_form", "updated_at", "now() - interval '1 second'");
  }

  @Test
  void refusesNegativeVersions() {
    assertRefusedBy("users_version_form", "version", "-1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"handle", "email", "display_name", "password_hash", "created_at", "updated_at"})
  void refusesMissingValues(String column) {
    assertThatThrownBy(() -> insert(column, "null"))
        .hasMessageContaining("null value in column \"" + column + "\"");
  }

  private static void assertRefusedBy(String constraint, String... columnsAndValues) {
    assertThatThrownBy(() -> insert(columnsAndValues))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("\"" + constraint + "\"");
  }

  /** Inserts a valid user but for the columns that are given, each with its SQL value. */
  private static void insert(String... columnsAndValues) throws SQLException {
    Map<String, String> row = new LinkedHashMap<>();
    row.put("handle", "'ada'");
    row.put("email", "'ada@example.org'");
    row.put("display_name", "'Ada'");
    row.put("password_hash", "'{noop}secret'");
    row.put("created_at", "now()");
    row.put("updated_at", "now()");
    for (int i = 0; i < columnsAndValues.length; i += 2) {
      row.put(columnsAndValues[i], columnsAndValues[i + 1]);
    }
    SCHEMA.execute(
        "insert into users (%s) values (%s)"
            .formatted(String.join(", ", row.keySet()), String.join(", ", row.values())));
  }

  private static String quoted(String text) {
    return "'" + text + "'";
  }
}
