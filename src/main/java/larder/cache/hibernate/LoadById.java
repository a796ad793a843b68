package larder.cache.hibernate;

import java.util.HashSet;
import java.util.Set;
import larder.cache.tracking.Reads;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.sql.exec.spi.ExecutionContext;
import org.hibernate.sql.exec.spi.JdbcParameterBinding;
import org.hibernate.sql.exec.spi.JdbcParameterBindings;
import org.hibernate.sql.exec.spi.JdbcSelect;
import org.jspecify.annotations.Nullable;

/**
 * A select that finds instances of one entity by their ids, which are all that it binds, with what
 * it fetches along.
 *
 * <p>An instance that it finds is read as a row; one that it does not find, as the tables.
 */
final class LoadById {

  /** The context of loads by several ids; collections are loaded in it too. */
  private static final String SEVERAL =
      "org.hibernate.loader.ast.internal.ExecutionContextWithSubselectFetchHandler";

  private final JdbcSelect select;
  private final SharedSessionContractImplementor session;
  private final FactoryModel model;
  private final SelectedEntity selected;

  private LoadById(
      JdbcSelect select,
      SharedSessionContractImplementor session,
      FactoryModel model,
      SelectedEntity selected) {
    this.select = select;
    this.session = session;
    this.model = model;
    this.selected = selected;
  }

  /** Returns a select as a load by id; null if it is none, or might be more than that. */
  static @Nullable LoadById of(JdbcSelect select, ExecutionContext context, FactoryModel model) {
    boolean one = context.getRootEntityDescriptor() != null && context.getEntityId() != null;
    boolean several = context.getClass().getName().equals(SEVERAL);
    SelectedEntity selected =
        one || several ? SelectedEntity.of(select, context.getSession(), model) : null;
    return selected == null ? null : new LoadById(select, context.getSession(), model, selected);
  }

  void read(JdbcParameterBindings bindings, Reads reads) {
    EntityModel entity = selected.entity();
    FetchedAlong along = selected.along();
    Set<String> byRow = new HashSet<>(entity.tables());
    byRow.addAll(along.tables());
    for (String table : select.getAffectedTableNames()) {
      if (!byRow.contains(table)) {
        model.read(table, reads);
      }
    }
    along.others().forEach(table -> model.read(table, reads));
    for (JdbcParameterBinding binding : bindings.getBindings()) {
      if (binding.getBindValue() instanceof Object[] ids) {
        for (Object id : ids) {
          found(entity, id, reads);
        }
      } else {
        found(entity, binding.getBindValue(), reads);
      }
    }
  }

  private void found(EntityModel entity, @Nullable Object id, Reads reads) {
    if (id == null) {
      return;
    }
    Object instance =
        session
            .getPersistenceContextInternal()
            .getEntity(session.generateEntityKey(id, selected.persister()));
    FetchedAlong along = selected.along();
    if (instance == null) {
      entity.absent(id, reads, model);
      along.absent(model, reads);
    } else {
      entity.read(id, reads, model);
      along.read(instance, session, model, reads);
    }
  }
}
