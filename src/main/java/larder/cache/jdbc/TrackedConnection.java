package larder.cache.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import larder.cache.tracking.Writes;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.ClassUtils;

/**
 * A connection whose plain statements are told of. What they write is told to the transaction of
 * the thread if the connection belongs to it, and otherwise when the connection commits.
 */
final class TrackedConnection implements InvocationHandler, StatementEffects.Connected {

  private static final Map<Class<?>, Class<?>[]> INTERFACES = new ConcurrentHashMap<>();

  private final Connection target;
  private final StatementEffects effects;
  private final Set<String> uncommitted = new LinkedHashSet<>(0);
  private @Nullable Writes listening;

  private TrackedConnection(Connection target, StatementEffects effects) {
    this.target = target;
    this.effects = effects;
  }

  static Connection of(Connection target, StatementEffects effects) {
    return isTracked(target)
        ? target
        : (Connection) proxy(target, new TrackedConnection(target, effects));
  }

  /** Returns the connection itself, on which statements are nobody's business. */
  static Connection untracked(Connection connection) {
    return isTracked(connection)
        ? ((TrackedConnection) Proxy.getInvocationHandler(connection)).target
        : connection;
  }

  private static boolean isTracked(Connection connection) {
    return Proxy.isProxyClass(connection.getClass())
        && Proxy.getInvocationHandler(connection) instanceof TrackedConnection;
  }

  /** Returns a stand-in for an object, of all its public interfaces. */
  static Object proxy(Object target, InvocationHandler handler) {
    Class<?>[] interfaces =
        INTERFACES.computeIfAbsent(
            target.getClass(),
            type -> ClassUtils.getAllInterfacesForClass(type, type.getClassLoader()));
    return Proxy.newProxyInstance(target.getClass().getClassLoader(), interfaces, handler);
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // connections are themselves only
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    switch (method.getName()) {
      case "prepareStatement", "prepareCall", "createStatement" -> {
        return statement((Connection) proxy, method, arguments);
      }
      case "equals" -> {
        return arguments != null && proxy == arguments[0];
      }
      case "hashCode" -> {
        return System.identityHashCode(proxy);
      }
      case "unwrap" -> {
        StatementEffects.unknown("what a connection was asked for beside JDBC");
        return answer(target, method, arguments);
      }
      default -> {
        Object answer = answer(target, method, arguments);
        ended(method, arguments);
        return answer;
      }
    }
  }

  private Object statement(Connection proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    String sql = arguments != null && arguments[0] instanceof String text ? text : null;
    boolean told =
        sql != null && method.getName().equals("prepareStatement") && ToldStatements.isNext(sql);
    try {
      Statement statement = (Statement) Objects.requireNonNull(answer(target, method, arguments));
      return told
          ? statement
          : proxy(statement, new TrackedStatement(statement, proxy, sql, effects, this));
    } finally {
      ToldStatements.done();
    }
  }

  private void ended(Method method, Object @Nullable [] arguments) {
    if (uncommitted.isEmpty()) {
      return;
    }
    boolean undone = method.getName().equals("rollback") && arguments == null;
    boolean done =
        method.getName().equals("commit")
            || method.getName().equals("close")
            || method.getName().equals("abort")
            || (method.getName().equals("setAutoCommit")
                && arguments != null
                && Boolean.TRUE.equals(arguments[0]));
    if (done && listening != null) {
      listening.committed().tables(Set.copyOf(uncommitted));
    }
    if (done || undone) {
      uncommitted.clear();
    }
  }

  @Override
  public boolean hasOwnTransaction() {
    return !commitsByItself() && !isTransactional();
  }

  @Override
  public void tell(Writes writes, Set<String> tables, @Nullable String unknown) {
    if (commitsByItself()) {
      writes.committed().tables(tables);
    } else if (isTransactional()) {
      writes.tables(tables);
      if (unknown != null) {
        writes.unknown(unknown);
      }
    } else {
      listening = writes;
      uncommitted.addAll(tables);
    }
  }

  /** A connection that does not tell any more may have committed. */
  private boolean commitsByItself() {
    try {
      return target.getAutoCommit();
    } catch (SQLException e) {
      return true;
    }
  }

  private boolean isTransactional() {
    if (!TransactionSynchronizationManager.isActualTransactionActive()) {
      return false;
    }
    for (Object resource : TransactionSynchronizationManager.getResourceMap().values()) {
      if (resource instanceof ConnectionHolder holder
          && untracked(holder.getConnection()).equals(target)) {
        return true;
      }
    }
    return false;
  }

  static @Nullable Object answer(Object target, Method method, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getTargetException();
    }
  }
}
