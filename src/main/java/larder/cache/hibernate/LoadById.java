package larder.cache.hibernate;

import java.util.HashSet;
import java.util.Set;
import larder.cache.tracking.Reads;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.sql.exec.spi.ExecutionContext;
import org.hibernate.sql.exec.spi.JdbcParameterBinding;
import org.hibernate.sql.exec.spi.JdbcParameterBindings;
import org.hibernate.sql.exec.spi.JdbcSelect;
import org.hibernate.sql.results.graph.DomainResult;
import org.hibernate.sql.results.graph.entity.EntityResult;
import org.hibernate.sql.results.jdbc.internal.JdbcValuesMappingProducerStandard;
import org.hibernate.sql.results.jdbc.spi.JdbcValuesMapping;
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
  private final EntityPersister persister;
  private final FetchedAlong along;

  private LoadById(
      JdbcSelect select,
      SharedSessionContractImplementor session,
      FactoryModel model,
      EntityPersister persister,
      FetchedAlong along) {
    this.select = select;
    this.session = session;
    this.model = model;
    this.persister = persister;
    this.along = along;
  }

  /** Returns a select as a load by id; null if it is none, or might be more than that. */
  static @Nullable LoadById of(JdbcSelect select, ExecutionContext context, FactoryModel model) {
    boolean one = context.getRootEntityDescriptor() != null && context.getEntityId() != null;
    boolean several = context.getClass().getName().equals(SEVERAL);
    if ((!one && !several)
        || !(select.getJdbcValuesMappingProducer()
            instanceof JdbcValuesMappingProducerStandard producer)) {
      return null;
    }
    SharedSessionContractImplementor session = context.getSession();
    JdbcValuesMapping mapping =
        producer.resolve(null, session.getLoadQueryInfluencers(), session.getFactory());
    if (mapping.getDomainResults().size() != 1) {
      return null;
    }
    DomainResult<?> result = mapping.getDomainResults().get(0);
    if (!(result instanceof EntityResult<?> entity)) {
      return null;
    }
    EntityPersister persister =
        entity.getEntityValuedModelPart().getEntityMappingType().getEntityPersister();
    EntityModel found = model.entity(persister.getEntityName());
    if (!found.rowTags()
        || persister.isAffectedByEnabledFilters(session.getLoadQueryInfluencers(), false)) {
      return null;
    }
    FetchedAlong along = FetchedAlong.with(entity, model);
    return along == null ? null : new LoadById(select, session, model, persister, along);
  }

  void read(JdbcParameterBindings bindings, Reads reads) {
    EntityModel entity = model.entity(persister.getEntityName());
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
        session.getPersistenceContextInternal().getEntity(session.generateEntityKey(id, persister));
    if (instance == null) {
      entity.absent(id, reads, model);
      along.absent(model, reads);
    } else {
      entity.read(id, reads, model);
      along.read(instance, session, model, reads);
    }
  }
}
