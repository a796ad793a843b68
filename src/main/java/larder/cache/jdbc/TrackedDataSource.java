package larder.cache.jdbc;

import java.lang.reflect.Modifier;
import java.sql.Connection;
import java.util.Arrays;
import javax.sql.DataSource;
import org.aopalliance.intercept.MethodInterceptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.AopConfigException;
import org.springframework.aop.framework.ProxyFactory;

/** A data source whose connections tell what plain statements read and write. */
public final class TrackedDataSource {

  private static final Logger log = LoggerFactory.getLogger(TrackedDataSource.class);

  private TrackedDataSource() {}

  /**
   * Returns a stand-in for a data source, of its class where that can be derived from.
   *
   * @param effects told of each statement
   */
  public static DataSource of(DataSource target, StatementEffects effects) {
    try {
      return proxy(target, effects, canDerive(target.getClass()));
    } catch (AopConfigException e) {
      log.debug("No class can be derived from {}", target.getClass(), e);
      return proxy(target, effects, /* derived= */ false);
    }
  }

  private static boolean canDerive(Class<?> type) {
    return !Modifier.isFinal(type.getModifiers())
        && Arrays.stream(type.getMethods())
            .filter(method -> method.getName().equals("getConnection"))
            .noneMatch(method -> Modifier.isFinal(method.getModifiers()));
  }

  private static DataSource proxy(DataSource target, StatementEffects effects, boolean derived) {
    ProxyFactory factory = new ProxyFactory(target);
    factory.setProxyTargetClass(derived);
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
