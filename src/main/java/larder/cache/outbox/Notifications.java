package larder.cache.outbox;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/**
 * What PostgreSQL's driver hears of commits: the one thing here that JDBC has no word for. The
 * driver is called by name, since an application without it must be able to load this.
 */
final class Notifications {

  private static final String DRIVER = "org.postgresql.PGConnection";

  private final Object connection;
  private final Method waiting;

  private Notifications(Object connection, Method waiting) {
    this.connection = connection;
    this.waiting = waiting;
  }

  /** Begins to listen; returns null if the connection is of another driver. */
  static @Nullable Notifications listen(Connection connection) throws SQLException {
    try {
      Class<?> type = ClassUtils.forName(DRIVER, connection.getClass().getClassLoader());
      if (!connection.isWrapperFor(type)) {
        return null;
      }
      try (Statement statement = connection.createStatement()) {
        statement.execute("set application_name = 'larder relay'; listen larder_outbox");
      }
      Method waiting = type.getMethod("getNotifications", int.class);
      return new Notifications(connection.unwrap(type), waiting);
    } catch (ReflectiveOperationException | LinkageError e) {
      return null;
    }
  }

  /** Waits for a commit that notifies, and returns whether there was one. */
  boolean await(Duration longest) throws SQLException {
    try {
      int millis = Math.max(1, (int) longest.toMillis());
      Object[] heard = (Object[]) waiting.invoke(connection, millis);
      return heard != null && heard.length > 0;
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof SQLException cause ? cause : new SQLException(e.getCause());
    } catch (IllegalAccessException e) {
      throw new SQLException(e);
    }
  }
}
