package larder.cache.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.Statement;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A statement of which it is told what it does, each time that it has been run. */
final class TrackedStatement implements InvocationHandler {

  /** Set while a statement runs, which may be a stand-in of another tracked one. */
  private static final ThreadLocal<@Nullable Boolean> RUNNING = new ThreadLocal<>();

  private final Statement target;
  private final Connection connection;
  private final @Nullable String prepared;
  private final StatementEffects effects;
  private final StatementEffects.Connected on;
  private final Set<String> batch = new LinkedHashSet<>(0);

  /**
   * @param connection the tracked connection that made it
   * @param prepared its text; null if each run brings its own
   */
  TrackedStatement(
      Statement target,
      Connection connection,
      @Nullable String prepared,
      StatementEffects effects,
      StatementEffects.Connected on) {
    this.target = target;
    this.connection = connection;
    this.prepared = prepared;
    this.effects = effects;
    this.on = on;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // statements are themselves only
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    String own = arguments != null && arguments[0] instanceof String text ? text : null;
    switch (method.getName()) {
      case "execute", "executeQuery", "executeUpdate", "executeLargeUpdate" -> {
        return run(method, arguments, own == null ? prepared : own);
      }
      case "executeBatch", "executeLargeBatch" -> {
        return runBatch(method, arguments);
      }
      case "addBatch" -> {
        if (own != null) {
          batch.add(own);
        }
        return TrackedConnection.answer(target, method, arguments);
      }
      case "getConnection" -> {
        return connection;
      }
      case "equals" -> {
        return arguments != null && proxy == arguments[0];
      }
      case "hashCode" -> {
        return System.identityHashCode(proxy);
      }
      default -> {
        return TrackedConnection.answer(target, method, arguments);
      }
    }
  }

  private @Nullable Object run(Method method, Object @Nullable [] arguments, @Nullable String text)
      throws Throwable {
    boolean outermost = enter();
    try {
      return TrackedConnection.answer(target, method, arguments);
    } finally {
      leave(outermost);
      if (text != null && outermost) {
        effects.ran(text, on);
      }
    }
  }

  private @Nullable Object runBatch(Method method, Object @Nullable [] arguments) throws Throwable {
    boolean outermost = enter();
    try {
      return TrackedConnection.answer(target, method, arguments);
    } finally {
      leave(outermost);
      if (prepared != null) {
        batch.add(prepared);
      }
      if (outermost) {
        batch.forEach(text -> effects.ran(text, on));
      }
      batch.clear();
    }
  }

  /** Returns whether no tracked statement around this one is running in this thread. */
  private static boolean enter() {
    boolean outermost = RUNNING.get() == null;
    if (outermost) {
      RUNNING.set(true);
    }
    return outermost;
  }

  private static void leave(boolean outermost) {
    if (outermost) {
      RUNNING.remove();
    }
  }
}
