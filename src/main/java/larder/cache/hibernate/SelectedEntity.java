package larder.cache.hibernate;

import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.sql.exec.spi.JdbcSelect;
import org.hibernate.sql.results.graph.DomainResult;
import org.hibernate.sql.results.graph.entity.EntityResult;
import org.hibernate.sql.results.jdbc.internal.JdbcValuesMappingProducerStandard;
import org.hibernate.sql.results.jdbc.spi.JdbcValuesMapping;
import org.jspecify.annotations.Nullable;

/**
 * What a select gives of each row that it finds: one instance of an entity whose state depends on
 * its own row, with what it fetches along.
 */
record SelectedEntity(EntityPersister persister, EntityModel entity, FetchedAlong along) {

  /** Returns what a select gives; null if it is something else, or might be. */
  static @Nullable SelectedEntity of(
      JdbcSelect select, SharedSessionContractImplementor session, FactoryModel model) {
    if (!(select.getJdbcValuesMappingProducer()
        instanceof JdbcValuesMappingProducerStandard producer)) {
      return null;
    }
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
    return along == null ? null : new SelectedEntity(persister, found, along);
  }
}
