package larder.cache.jdbc;

import java.lang.reflect.Modifier;
import java.sql.Connection;
import javax.sql.DataSource;
import org.aopalliance.intercept.MethodInterceptor;
import org.springframework.aop.framework.ProxyFactory;

/** A data source whose connections tell what plain statements read and write. */
public final class TrackedDataSource {

  private TrackedDataSource() {}

  /**
   * Returns a stand-in for a data source, of its class where that can be derived from.
   *
   * @param effects told of each statement
   */
  public static DataSource of(DataSource target, StatementEffects effects) {
    ProxyFactory factory = new ProxyFactory(target);
    factory.setProxyTargetClass(!Modifier.isFinal(target.getClass().getModifiers()));
    factory.addAdvice(
        (MethodInterceptor)
            invocation -> {
              Object answer = invocation.proceed();
              return answer instanceof Connection connection
                  ? TrackedConnection.of(connection, effects)
                  : answer;
            });
    return (DataSource) factory.getProxy(target.getClass().getClassLoader());
  }

  /** Returns a connection on which statements are nobody's business, such as our own. */
  public static Connection untracked(Connection connection) {
    return TrackedConnection.untracked(connection);
  }
}
