package larder.cache.hibernate;

import java.sql.PreparedStatement;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import larder.cache.sql.SqlEffect;
import larder.cache.sql.SqlText;
import larder.cache.tracking.Writes;
import org.hibernate.sql.exec.internal.JdbcOperationQueryMutationNative;
import org.hibernate.sql.exec.spi.ExecutionContext;
import org.hibernate.sql.exec.spi.JdbcMutationExecutor;
import org.hibernate.sql.exec.spi.JdbcOperationQueryMutation;
import org.hibernate.sql.exec.spi.JdbcParameterBindings;

/** Runs bulk statements and tells the tables that each has changed. */
final class TrackedMutations implements JdbcMutationExecutor {

  private final HibernateTracking tracking;
  private final JdbcMutationExecutor delegate;

  TrackedMutations(HibernateTracking tracking, JdbcMutationExecutor delegate) {
    this.tracking = tracking;
    this.delegate = delegate;
  }

  @Override
  public int execute(
      JdbcOperationQueryMutation mutation,
      JdbcParameterBindings bindings,
      Function<String, PreparedStatement> creator,
      BiConsumer<Integer, PreparedStatement> check,
      ExecutionContext context) {
    try {
      return delegate.execute(mutation, bindings, creator, check, context);
    } finally {
      if (!Safely.run(() -> tell(mutation, context))) {
        tracking.writes(context.getSession()).unknown("a bulk statement");
      }
    }
  }

  private void tell(JdbcOperationQueryMutation mutation, ExecutionContext context) {
    Writes writes = tracking.writes(context.getSession());
    Set<String> tables = mutation.getAffectedTableNames();
    boolean isNative = mutation instanceof JdbcOperationQueryMutationNative;
    if (tables != null && !tables.isEmpty()) {
      tables.forEach(writes::table);
      FactoryModel model = tracking.model(context.getSession());
      if (model != null) {
        tables.forEach(table -> model.cascaded(table).forEach(writes::table));
      }
    } else if (isNative) {
      tell(tracking, context, mutation.getSqlString(), writes);
    } else {
      writes.unknown("bulk statement: " + SqlText.shortened(mutation.getSqlString()));
    }
  }

  /** A statement was run that only its text tells about. */
  static void tell(
      HibernateTracking tracking, ExecutionContext context, String sql, Writes writes) {
    SqlEffect effect = tracking.sql().of(sql);
    FactoryModel model = tracking.model(context.getSession());
    for (String table : effect.written(name -> model != null && model.isTable(name))) {
      writes.table(table);
      if (model != null) {
        model.cascaded(table).forEach(writes::table);
      }
    }
    if (effect.doubt() != null) {
      writes.unknown("native statement: " + SqlText.shortened(sql));
    }
  }
}
