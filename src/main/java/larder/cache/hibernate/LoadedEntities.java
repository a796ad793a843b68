package larder.cache.hibernate;

import larder.cache.tracking.Reads;
import larder.cache.tracking.Writes;
import org.hibernate.Hibernate;
import org.hibernate.LockMode;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.event.spi.LoadEvent;
import org.hibernate.event.spi.LoadEventListener;
import org.hibernate.event.spi.LockEvent;
import org.hibernate.event.spi.LockEventListener;
import org.hibernate.persister.entity.EntityPersister;
import org.jspecify.annotations.Nullable;

/**
 * Tells the current load what was asked for by id and may have come from the context, and the
 * transaction which versions it is to raise.
 */
final class LoadedEntities implements LoadEventListener, LockEventListener {

  private static final long serialVersionUID = 1L;

  private final transient HibernateTracking tracking;

  LoadedEntities(HibernateTracking tracking) {
    this.tracking = tracking;
  }

  @Override
  public void onLoad(LoadEvent event, LoadType type) {
    Reads reads = Reads.current();
    if (reads != null && !Safely.run(() -> read(event, reads))) {
      reads.unknown("a load by id that could not be followed");
    }
    if (isIncrement(event.getLockOptions().getLockMode()) && event.getResult() != null) {
      increments(event.getEntityClassName(), event.getEntityId(), event.getSession());
    }
  }

  @Override
  public void onLock(LockEvent event) {
    if (isIncrement(event.getLockOptions().getLockMode())) {
      Object entity = Hibernate.unproxy(event.getObject());
      EntityPersister persister = event.getSession().getEntityPersister(null, entity);
      Object id = persister.getIdentifier(entity, event.getSession());
      increments(persister.getEntityName(), id, event.getSession());
    }
  }

  /** Hibernate raises a version by a statement of its own, now or at the end, without an event. */
  private void increments(String entity, Object id, SharedSessionContractImplementor session) {
    Writes writes = tracking.writes(session);
    FactoryModel model = tracking.model(session);
    if (model == null
        || !Safely.run(() -> model.entity(entity).wrote(id, /* newKey= */ false, writes))) {
      writes.unknown("a version of " + entity);
    }
  }

  static boolean isIncrement(@Nullable LockMode mode) {
    return mode == LockMode.OPTIMISTIC_FORCE_INCREMENT
        || mode == LockMode.PESSIMISTIC_FORCE_INCREMENT;
  }

  private void read(LoadEvent event, Reads reads) {
    FactoryModel model = tracking.model(event.getSession());
    if (model == null) {
      reads.unknown("a load before the session factory has started");
      return;
    }
    tracking.meet(event.getSession(), model, reads);
    EntityPersister persister =
        event.getFactory().getMappingMetamodel().getEntityDescriptor(event.getEntityClassName());
    EntityModel entity = model.entity(persister.getEntityName());
    if (event.getResult() == null) {
      entity.absent(event.getEntityId(), reads, model);
    } else if (Hibernate.isInitialized(event.getResult())) {
      entity.held(event.getEntityId(), reads, model);
    }
  }
}
