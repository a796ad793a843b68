package larder.history.node;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's driver, with connections that tell the thread's {@link Writing} when a COMMIT was
 * answered: before anything above them knows.
 */
public final class WatchedDriver implements Driver {

  private final Driver driver = new org.postgresql.Driver();

  @Override
  public @Nullable Connection connect(String url, Properties info) throws SQLException {
    Connection connection = driver.connect(url, info);
    return connection == null
        ? null
        : (Connection)
            Proxy.newProxyInstance(
                WatchedDriver.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                watched(connection));
  }

  private static InvocationHandler watched(Connection connection) {
    return (proxy, method, arguments) -> {
      long sentNanos = System.nanoTime();
      Object answer;
      try {
        answer = method.invoke(connection, arguments);
      } catch (InvocationTargetException e) {
        throw e.getTargetException();
      }
      if (method.getName().equals("commit")) {
        Writing writing = Writing.current();
        if (writing != null) {
          writing.committed(sentNanos, System.nanoTime());
        }
      }
      return answer;
    };
  }

  @Override
  public boolean acceptsURL(String url) throws SQLException {
    return driver.acceptsURL(url);
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) throws SQLException {
    return driver.getPropertyInfo(url, info);
  }

  @Override
  public int getMajorVersion() {
    return driver.getMajorVersion();
  }

  @Override
  public int getMinorVersion() {
    return driver.getMinorVersion();
  }

  @Override
  public boolean jdbcCompliant() {
    return driver.jdbcCompliant();
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    return driver.getParentLogger();
  }
}
