package larder.dev.servers;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;

/**
 * One database of a PostgreSQL server, and the sign-in that owns it.
 *
 * @param url the JDBC URL, without user and password
 */
public record Database(String url, String user, String password) {

  /** Opens a new connection; the caller closes it. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url, user, password);
  }

  /** Returns the Spring Boot settings that make this the application's database. */
  public Map<String, Object> settings() {
    return Map.of(
        "spring.datasource.url", url,
        "spring.datasource.username", user,
        "spring.datasource.password", password);
  }
}
