package larder.cache.hibernate;

import java.util.HashSet;
import java.util.Set;
import larder.cache.sql.SqlText;
import larder.cache.tracking.Reads;
import larder.cache.tracking.Writes;
import org.hibernate.query.results.ResultSetMapping;
import org.hibernate.sql.exec.internal.StandardStatementCreator;
import org.hibernate.sql.exec.spi.ExecutionContext;
import org.hibernate.sql.exec.spi.JdbcParameterBindings;
import org.hibernate.sql.exec.spi.JdbcSelect;
import org.hibernate.sql.exec.spi.JdbcSelectExecutor;
import org.hibernate.sql.results.spi.ResultsConsumer;
import org.hibernate.sql.results.spi.RowTransformer;
import org.jspecify.annotations.Nullable;

/** Runs selects and tells the current load the rows and tables that each has read. */
final class TrackedSelects implements JdbcSelectExecutor {

  private final HibernateTracking tracking;
  private final JdbcSelectExecutor delegate;

  TrackedSelects(HibernateTracking tracking, JdbcSelectExecutor delegate) {
    this.tracking = tracking;
    this.delegate = delegate;
  }

  @Override
  public <T, R> T executeQuery(
      JdbcSelect select,
      JdbcParameterBindings bindings,
      ExecutionContext context,
      @Nullable RowTransformer<R> transformer,
      @Nullable Class<R> type,
      StatementCreator creator,
      ResultsConsumer<T, R> consumer) {
    return executeQuery(select, bindings, context, transformer, type, -1, creator, consumer);
  }

  @Override
  @SuppressWarnings("NullAway") // Hibernate lets the transformer and the type be null
  public <T, R> T executeQuery(
      JdbcSelect select,
      JdbcParameterBindings bindings,
      ExecutionContext context,
      @Nullable RowTransformer<R> transformer,
      @Nullable Class<R> type,
      int estimate,
      @Nullable StatementCreator creator,
      ResultsConsumer<T, R> consumer) {
    StatementCreator creating =
        creator == null ? StandardStatementCreator.getStatementCreator(null) : creator;
    Reads reads = Reads.current();
    boolean changes = mayChange(select);
    if (LoadedEntities.isIncrement(context.getQueryOptions().getLockOptions().getLockMode())
        && context.getEntityId() == null) {
      increments(select, context);
    }
    if (reads == null && !changes) {
      return run(select, bindings, context, transformer, type, estimate, creating, consumer);
    }
    if (reads != null) {
      before(select, context, reads);
    }
    T result = null;
    try {
      result = run(select, bindings, context, transformer, type, estimate, creating, consumer);
      return result;
    } finally {
      if (reads != null) {
        after(select, bindings, context, result, reads);
      }
      if (changes) {
        changed(select, context);
      }
    }
  }

  /** Runs a select, whose statement nobody else needs to tell of. */
  @SuppressWarnings("NullAway") // Hibernate lets the transformer and the type be null
  private <T, R> T run(
      JdbcSelect select,
      JdbcParameterBindings bindings,
      ExecutionContext context,
      @Nullable RowTransformer<R> transformer,
      @Nullable Class<R> type,
      int estimate,
      StatementCreator creator,
      ResultsConsumer<T, R> consumer) {
    int depth = ToldInspector.enter();
    try {
      return delegate.executeQuery(
          select, bindings, context, transformer, type, estimate, creator, consumer);
    } finally {
      ToldInspector.leave(depth);
    }
  }

  private void before(JdbcSelect select, ExecutionContext context, Reads reads) {
    tell(
        reads,
        () -> {
          FactoryModel model = tracking.model(context.getSession());
          if (model == null) {
            reads.unknown("select before the session factory has started: " + text(select));
          } else {
            tracking.meet(context.getSession(), model, reads);
          }
        });
  }

  private void after(
      JdbcSelect select,
      JdbcParameterBindings bindings,
      ExecutionContext context,
      @Nullable Object result,
      Reads reads) {
    tell(
        reads,
        () -> {
          FactoryModel model = tracking.model(context.getSession());
          if (model == null) {
            return;
          }
          LoadById load = LoadById.of(select, context, model);
          if (load != null) {
            load.read(bindings, reads);
          } else if (!LoadByKey.read(select, context, model, result, reads)) {
            select(select, context, model, reads);
          }
        });
  }

  private static void tell(Reads reads, Runnable telling) {
    if (!Safely.run(telling)) {
      reads.unknown("a select that could not be followed");
    }
  }

  private static void select(
      JdbcSelect select, ExecutionContext context, FactoryModel model, Reads reads) {
    Set<String> tables = select.getAffectedTableNames();
    Set<String> named = tables == null ? Set.of() : tables;
    String sql = select.getSqlString();
    if (select.getJdbcValuesMappingProducer() instanceof ResultSetMapping mapping) {
      Set<String> mapped = new HashSet<>();
      mapping.addAffectedTableNames(mapped, context.getSession().getFactory());
      named.forEach(table -> model.read(table, reads));
      if (mapped.containsAll(named)) {
        model.statement("native query", sql, reads);
      }
    } else if (named.isEmpty()) {
      model.statement("query", sql, reads);
    } else if (sql.startsWith("with ")) {
      named.stream().filter(model::isMapped).forEach(table -> model.read(table, reads));
      model.statement("query", sql, reads);
    } else {
      named.forEach(table -> model.read(table, reads));
      if (model.sql().mayChange(sql)) {
        model.statement("query", sql, reads);
      }
    }
  }

  /** Returns whether a select may change rows: a function can, and a common table expression. */
  private boolean mayChange(JdbcSelect select) {
    return tracking.sql().mayChange(select.getSqlString());
  }

  /** The versions of what the select finds are raised, and it is not known yet what it finds. */
  private void increments(JdbcSelect select, ExecutionContext context) {
    Writes writes = tracking.writes(context.getSession());
    Set<String> tables = select.getAffectedTableNames();
    if (tables == null || tables.isEmpty()) {
      writes.unknown("versions that a query raises: " + text(select));
    } else {
      tables.forEach(writes::table);
    }
  }

  private void changed(JdbcSelect select, ExecutionContext context) {
    TrackedMutations.tell(
        tracking, context, select.getSqlString(), tracking.writes(context.getSession()));
  }

  private static String text(JdbcSelect select) {
    return SqlText.shortened(select.getSqlString());
  }
}
