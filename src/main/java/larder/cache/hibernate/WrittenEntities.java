package larder.cache.hibernate;

import larder.cache.tracking.Writes;
import org.hibernate.StatelessSession;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.event.spi.PostDeleteEvent;
import org.hibernate.event.spi.PostDeleteEventListener;
import org.hibernate.event.spi.PostInsertEvent;
import org.hibernate.event.spi.PostInsertEventListener;
import org.hibernate.event.spi.PostUpdateEvent;
import org.hibernate.event.spi.PostUpdateEventListener;
import org.hibernate.event.spi.PostUpsertEvent;
import org.hibernate.event.spi.PostUpsertEventListener;
import org.hibernate.persister.entity.EntityPersister;
import org.jspecify.annotations.Nullable;

/** Tells the rows that entities were written to. */
final class WrittenEntities
    implements PostInsertEventListener,
        PostUpdateEventListener,
        PostUpsertEventListener,
        PostDeleteEventListener {

  private static final long serialVersionUID = 1L;

  private final transient HibernateTracking tracking;

  WrittenEntities(HibernateTracking tracking) {
    this.tracking = tracking;
  }

  @Override
  public void onPostInsert(PostInsertEvent event) {
    wrote(event.getPersister(), event.getId(), event.getSession(), /* deleted= */ false);
  }

  @Override
  public void onPostUpdate(PostUpdateEvent event) {
    wrote(event.getPersister(), event.getId(), event.getSession(), /* deleted= */ false);
  }

  @Override
  public void onPostUpsert(PostUpsertEvent event) {
    wrote(event.getPersister(), event.getId(), event.getSession(), /* deleted= */ false);
  }

  @Override
  public void onPostDelete(PostDeleteEvent event) {
    wrote(event.getPersister(), event.getId(), event.getSession(), /* deleted= */ true);
  }

  @Override
  public boolean requiresPostCommitHandling(EntityPersister persister) {
    return false;
  }

  private void wrote(
      EntityPersister persister,
      @Nullable Object id,
      SharedSessionContractImplementor session,
      boolean deleted) {
    if (!Safely.run(() -> tell(persister, id, session, deleted))) {
      tracking.writes(session).unknown("a write of " + persister.getEntityName());
    }
  }

  private void tell(
      EntityPersister persister,
      @Nullable Object id,
      SharedSessionContractImplementor session,
      boolean deleted) {
    Writes writes = tracking.writes(session);
    FactoryModel model = tracking.model(session);
    if (model == null) {
      writes.unknown("a write before the session factory has started");
      return;
    }
    EntityModel entity = model.entity(persister.getEntityName());
    entity.wrote(id, writes);
    if (deleted) {
      entity.cascades().forEach(writes::table);
    }
    if (session instanceof StatelessSession) {
      // Its events of collections do not tell the session, hence not the transaction.
      entity.collections().forEach(writes::table);
    }
  }
}
