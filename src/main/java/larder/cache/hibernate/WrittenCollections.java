package larder.cache.hibernate;

import larder.cache.tracking.Writes;
import org.hibernate.event.spi.AbstractCollectionEvent;
import org.hibernate.event.spi.PostCollectionRecreateEvent;
import org.hibernate.event.spi.PostCollectionRecreateEventListener;
import org.hibernate.event.spi.PostCollectionRemoveEvent;
import org.hibernate.event.spi.PostCollectionRemoveEventListener;
import org.hibernate.event.spi.PostCollectionUpdateEvent;
import org.hibernate.event.spi.PostCollectionUpdateEventListener;
import org.hibernate.metamodel.mapping.PluralAttributeMapping;
import org.hibernate.persister.collection.CollectionPersister;
import org.jspecify.annotations.Nullable;

/** Tells the tables that collections were written to, and the rows of their owners. */
final class WrittenCollections
    implements PostCollectionRecreateEventListener,
        PostCollectionUpdateEventListener,
        PostCollectionRemoveEventListener {

  private static final long serialVersionUID = 1L;

  private final transient HibernateTracking tracking;

  WrittenCollections(HibernateTracking tracking) {
    this.tracking = tracking;
  }

  @Override
  public void onPostRecreateCollection(PostCollectionRecreateEvent event) {
    wrote(event);
  }

  @Override
  public void onPostUpdateCollection(PostCollectionUpdateEvent event) {
    wrote(event);
  }

  @Override
  public void onPostRemoveCollection(PostCollectionRemoveEvent event) {
    wrote(event);
  }

  /** A stateless session does not stand in its events; the events of its entities do the work. */
  private void wrote(AbstractCollectionEvent event) {
    CollectionPersister persister = event.getCollectionPersister();
    if (hasSession(event) && !Safely.run(() -> tell(event, persister))) {
      tracking.writes(event.getSession()).unknown("a collection of an entity");
    }
  }

  private static boolean hasSession(AbstractCollectionEvent event) {
    try {
      return event.getSession() != null;
    } catch (NullPointerException none) {
      return false;
    }
  }

  private void tell(AbstractCollectionEvent event, @Nullable CollectionPersister persister) {
    Writes writes = tracking.writes(event.getSession());
    FactoryModel model = tracking.model(event.getSession());
    if (persister == null || model == null) {
      writes.unknown("a collection of " + event.getAffectedOwnerEntityName());
      return;
    }
    if (persister.isInverse()) {
      return;
    }
    tables(persister, writes);
    String owner = persister.getOwnerEntityPersister().getEntityName();
    model.entity(owner).wrote(event.getAffectedOwnerIdOrNull(), /* newKey= */ false, writes);
  }

  private static void tables(CollectionPersister persister, Writes writes) {
    PluralAttributeMapping attribute = persister.getAttributeMapping();
    String table = attribute.getSeparateCollectionTable();
    if (table != null) {
      writes.table(table);
    } else {
      for (String space : persister.getCollectionSpaces()) {
        writes.table(space);
      }
    }
  }
}
