package larder.monolith.start;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** The first step of a start: connects to the configured database once, or refuses to start. */
final class DatabaseCheck
    implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

  private static final String SECONDS_TO_WAIT = "10";

  /** Logging must be ready, and development may add its settings before. */
  @Override
  public int getOrder() {
    return LoggingApplicationListener.DEFAULT_ORDER + 100;
  }

  @Override
  public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
    Environment environment = event.getEnvironment();
    String url = environment.getProperty("spring.datasource.url");
    if (!StringUtils.hasText(url)) {
      throw DatabaseFailures.notConfigured().report(new IllegalStateException("no database URL"));
    }
    String user = environment.getProperty("spring.datasource.username", "");
    String password = environment.getProperty("spring.datasource.password", "");
    try {
      connect(url, user, password).close();
    } catch (SQLException e) {
      throw new DatabaseFailures(url, user, password).explain(e).report(e);
    }
  }

  private static Connection connect(String url, String user, String password) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("loginTimeout", SECONDS_TO_WAIT);
    properties.setProperty("connectTimeout", SECONDS_TO_WAIT);
    if (!user.isEmpty()) {
      properties.setProperty("user", user);
    }
    if (!password.isEmpty()) {
      properties.setProperty("password", password);
    }
    return DriverManager.getConnection(url, properties);
  }
}
