package larder.cache.hibernate;

import java.util.HashSet;
import java.util.Set;
import larder.cache.tracking.DataTags;
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
import org.hibernate.metamodel.mapping.AttributeMapping;
import org.hibernate.metamodel.mapping.PluralAttributeMapping;
import org.hibernate.persister.entity.EntityPersister;
import org.jspecify.annotations.Nullable;

/** Tells the rows that entities were written to. */
final class WrittenEntities
    implements PostInsertEventListener,
        PostUpdateEventListener,
        PostUpsertEventListener,
        PostDeleteEventListener {

  private static final long serialVersionUID = 1L;

  /** What was written of a row. */
  private enum Kind {
    /** It may have a unique key that it did not have: it is new, or nobody says what changed. */
    NEW_KEY,
    /** It is known which attributes changed. */
    UPDATE,
    DELETE
  }

  private final transient HibernateTracking tracking;

  WrittenEntities(HibernateTracking tracking) {
    this.tracking = tracking;
  }

  @Override
  public void onPostInsert(PostInsertEvent event) {
    wrote(event.getPersister(), event.getId(), event.getSession(), Kind.NEW_KEY, null);
  }

  @Override
  public void onPostUpdate(PostUpdateEvent event) {
    int[] dirty = event.getDirtyProperties();
    wrote(
        event.getPersister(),
        event.getId(),
        event.getSession(),
        dirty == null ? Kind.NEW_KEY : Kind.UPDATE,
        dirty);
  }

  @Override
  public void onPostUpsert(PostUpsertEvent event) {
    wrote(event.getPersister(), event.getId(), event.getSession(), Kind.NEW_KEY, null);
  }

  @Override
  public void onPostDelete(PostDeleteEvent event) {
    wrote(event.getPersister(), event.getId(), event.getSession(), Kind.DELETE, null);
  }

  @Override
  public boolean requiresPostCommitHandling(EntityPersister persister) {
    return false;
  }

  private void wrote(
      EntityPersister persister,
      @Nullable Object id,
      SharedSessionContractImplementor session,
      Kind kind,
      int @Nullable [] dirty) {
    if (!Safely.run(() -> tell(persister, id, session, kind, dirty))) {
      tracking.writes(session).unknown("a write of " + persister.getEntityName());
    }
  }

  private void tell(
      EntityPersister persister,
      @Nullable Object id,
      SharedSessionContractImplementor session,
      Kind kind,
      int @Nullable [] dirty) {
    Writes writes = tracking.writes(session);
    FactoryModel model = tracking.model(session);
    if (model == null) {
      writes.unknown("a write before the session factory has started");
      return;
    }
    EntityModel entity = model.entity(persister.getEntityName());
    boolean newKey =
        kind == Kind.NEW_KEY || (dirty != null && mayBeOfKey(persister, dirty, entity, model));
    entity.wrote(id, newKey, writes);
    if (kind == Kind.DELETE) {
      entity.cascades().forEach(writes::table);
    }
    if (session instanceof StatelessSession) {
      // Its events of collections do not tell the session, hence not the transaction.
      entity.collections().forEach(writes::table);
    }
  }

  /** Whether one of the changed attributes may take part in a unique key. */
  private static boolean mayBeOfKey(
      EntityPersister persister, int[] dirty, EntityModel entity, FactoryModel model) {
    boolean[] may = {true};
    boolean seen =
        Safely.run(
            () -> {
              Set<String> columns = columns(persister, dirty);
              may[0] =
                  entity.written().stream().anyMatch(table -> model.mayBeOfKey(table, columns));
            });
    return !seen || may[0];
  }

  /** Returns the columns of changed attributes, as the names of unique keys have them. */
  private static Set<String> columns(EntityPersister persister, int[] dirty) {
    Set<String> columns = new HashSet<>();
    for (int attribute : dirty) {
      AttributeMapping changed = persister.getAttributeMapping(attribute);
      if (!(changed instanceof PluralAttributeMapping)) {
        changed.forEachSelectable(
            (index, column) -> columns.add(DataTags.bare(column.getSelectionExpression())));
      }
    }
    return columns;
  }
}
