package larder.monolith.start;

import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedExceptionUtils;

/**
 * What to say when the configured database cannot be used; never with a password.
 *
 * @param url the configured JDBC URL, which may hold a password
 * @param user the configured user, empty if none is
 * @param password the configured password, empty if none is
 */
record DatabaseFailures(String url, String user, String password) {

  private static final String ACTION =
      """
      Set these environment variables (or the settings of the same names):

          SPRING_DATASOURCE_URL=jdbc:postgresql://<host>:5432/<database>
          SPRING_DATASOURCE_USERNAME=<user>
          SPRING_DATASOURCE_PASSWORD=<password>

      To try Larder without a database of your own, run this in the project's folder; it brings \
      PostgreSQL and Redis with it:

          mvn spring-boot:test-run""";

  private static final Pattern USER_INFO = Pattern.compile("//[^/?#]*@");
  private static final Pattern PARAMETERS = Pattern.compile("[?#].*$", Pattern.DOTALL);
  private static final Pattern POSTGRES = Pattern.compile("jdbc:postgresql:.+", Pattern.DOTALL);

  /** Returns what to say when no database is configured at all. */
  static StartFailure notConfigured() {
    return new StartFailure("No database is configured: spring.datasource.url is not set.", ACTION);
  }

  /** Returns what to say when connecting ended with {@code failure}. */
  StartFailure explain(SQLException failure) {
    return new StartFailure(describe(failure), ACTION);
  }

  private String describe(SQLException failure) {
    if (!POSTGRES.matcher(url).matches()) {
      return "spring.datasource.url must be a PostgreSQL URL, jdbc:postgresql://..., was: "
          + safeUrl();
    }
    return switch (Objects.requireNonNullElse(failure.getSQLState(), "")) {
      case "28P01", "28000" ->
          "The database at %s rejects the sign-in of %s: the user, or the password, is wrong."
              .formatted(safeUrl(), namedUser());
      case "3D000" -> "The database server answers, but has no such database: " + safeUrl();
      case "08001", "08004", "08006" ->
          "The database at %s cannot be reached: %s".formatted(safeUrl(), reach(failure));
      default ->
          "The database at %s refuses the connection: %s"
              .formatted(safeUrl(), withoutPassword(failure.getMessage()));
    };
  }

  /** Returns the URL without user, password and parameters. */
  private String safeUrl() {
    String withoutUser = USER_INFO.matcher(url).replaceAll("//");
    return PARAMETERS.matcher(withoutUser).replaceAll("");
  }

  private String namedUser() {
    return user.isEmpty() ? "the default user" : "user '" + user + "'";
  }

  private String reach(SQLException failure) {
    Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
    String message = withoutPassword(root.getMessage());
    return root instanceof UnknownHostException ? "unknown host " + message : message;
  }

  private String withoutPassword(@Nullable String message) {
    String safe = Objects.requireNonNullElse(message, "no reason given").replace(url, safeUrl());
    return password.isEmpty() ? safe : safe.replace(password, "***");
  }
}
