package larder.cache.hibernate;

import java.util.Map;
import larder.cache.tracking.Reads;
import org.hibernate.collection.spi.PersistentCollection;
import org.hibernate.engine.spi.CollectionEntry;
import org.hibernate.engine.spi.EntityEntry;
import org.hibernate.engine.spi.PersistenceContext;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.metamodel.mapping.CollectionPart;
import org.hibernate.metamodel.mapping.EntityValuedModelPart;
import org.hibernate.metamodel.mapping.PluralAttributeMapping;
import org.hibernate.persister.collection.CollectionPersister;

/** What a session holds of the database. */
record SessionContents(SharedSessionContractImplementor session, FactoryModel model) {

  void read(Reads reads) {
    PersistenceContext context = session.getPersistenceContextInternal();
    for (Map.Entry<Object, EntityEntry> held : context.reentrantSafeEntityEntries()) {
      EntityEntry entry = held.getValue();
      model.entity(entry.getEntityName()).held(entry.getId(), reads, model);
      if (entry.getPersister().canReadFromCache()) {
        reads.unknown(entry.getEntityName() + " of the persistence context and second-level cache");
      }
    }
    context.forEachCollectionEntry(
        (collection, entry) -> read(collection, entry, reads), /* concurrent= */ true);
  }

  private void read(PersistentCollection<?> collection, CollectionEntry entry, Reads reads) {
    CollectionPersister persister = entry.getLoadedPersister();
    if (collection.wasInitialized() && persister != null) {
      PluralAttributeMapping attribute = persister.getAttributeMapping();
      String table = attribute.getSeparateCollectionTable();
      if (table != null) {
        model.read(table, reads);
      }
      read(attribute.getElementDescriptor(), reads);
      CollectionPart index = attribute.getIndexDescriptor();
      if (index != null) {
        read(index, reads);
      }
    }
  }

  private void read(CollectionPart part, Reads reads) {
    if (part instanceof EntityValuedModelPart entities) {
      String name = entities.getEntityMappingType().getEntityName();
      model.entity(name).tables().forEach(table -> model.read(table, reads));
    }
  }
}
