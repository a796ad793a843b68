package larder.cache.transaction;

import jakarta.persistence.EntityManager;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.hibernate.Hibernate;
import org.hibernate.bytecode.enhance.spi.LazyPropertyInitializer;
import org.hibernate.collection.spi.PersistentCollection;
import org.hibernate.engine.spi.CollectionEntry;
import org.hibernate.engine.spi.EntityEntry;
import org.hibernate.engine.spi.EntityHolder;
import org.hibernate.engine.spi.PersistenceContext;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.engine.spi.SessionImplementor;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.hibernate.engine.spi.Status;
import org.hibernate.event.spi.EventSource;
import org.hibernate.metamodel.mapping.BasicValuedModelPart;
import org.hibernate.metamodel.mapping.CollectionPart;
import org.hibernate.metamodel.mapping.EmbeddableValuedModelPart;
import org.hibernate.persister.collection.CollectionPersister;
import org.hibernate.persister.entity.EntityPersister;
import org.hibernate.type.EntityType;
import org.hibernate.type.Type;
import org.hibernate.type.descriptor.java.JavaType;
import org.jspecify.annotations.Nullable;

/**
 * The entities that a Hibernate session manages, and whether each is as it was read.
 *
 * <p>Hibernate's own {@code Session.isDirty()} asks what a flush would write. Here it matters what
 * a reader would be shown, which is more: a change of a property that is never updated, and of an
 * entity that was read in a read-only transaction, of which Hibernate keeps no former state. So
 * that is kept here, from the moment that the entity is loaded. Changes nothing and reads nothing.
 */
final class ManagedEntities {

  private static final Set<SessionFactoryImplementor> OBSERVED =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private ManagedEntities() {}

  /** Has the entities that sessions load from now on compared with what was loaded. */
  static void observe(EntityManager entities) {
    SessionFactoryImplementor factory = entities.unwrap(SessionImplementor.class).getFactory();
    if (OBSERVED.add(factory)) {
      factory
          .getEventListenerGroups()
          .eventListenerGroup_POST_LOAD
          .appendListener(new LoadedState.Loading());
    }
  }

  /** Whether all that a session shows is what it has read; false also if that is not known. */
  static boolean areAsRead(EntityManager entities) {
    EventSource session = entities.unwrap(EventSource.class);
    if (!session.isOpen()
        || session.getActionQueue().areInsertionsOrDeletionsQueued()
        || session.getActionQueue().hasAnyQueuedActions()) {
      return false;
    }
    PersistenceContext context = session.getPersistenceContextInternal();
    return areEntitiesAsRead(context, session) && areCollectionsAsRead(context);
  }

  private static boolean areEntitiesAsRead(PersistenceContext context, SessionImplementor session) {
    Map<?, EntityHolder> holders = context.getEntityHoldersByKey();
    if (holders == null) {
      return true;
    }
    for (EntityHolder holder : holders.values()) {
      EntityEntry entry = holder.getEntityEntry();
      Object entity = holder.getEntity();
      if (entry != null && entity != null && !isAsRead(entry, entity, session)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAsRead(EntityEntry entry, Object entity, SessionImplementor session) {
    Status status = entry.getStatus();
    if (status == Status.GONE || !Hibernate.isInitialized(entity)) {
      return true;
    } else if (status != Status.MANAGED && status != Status.READ_ONLY) {
      return false;
    }
    @Nullable Object[] before = LoadedState.of(entry);
    return before != null && isSame(entry.getPersister(), before, entity, session);
  }

  private static boolean isSame(
      EntityPersister persister,
      @Nullable Object[] before,
      Object entity,
      SharedSessionContractImplementor session) {
    @Nullable Object[] now = persister.getValues(entity);
    Type[] types = persister.getPropertyTypes();
    for (int i = 0; i < types.length; i++) {
      if (now[i] != before[i]
          && now[i] != LazyPropertyInitializer.UNFETCHED_PROPERTY
          && (types[i] instanceof EntityType || types[i].isDirty(before[i], now[i], session))) {
        return false;
      }
    }
    return true;
  }

  private static boolean areCollectionsAsRead(PersistenceContext context) {
    Map<PersistentCollection<?>, CollectionEntry> collections = context.getCollectionEntries();
    if (collections == null) {
      return true;
    }
    for (Map.Entry<PersistentCollection<?>, CollectionEntry> entry : collections.entrySet()) {
      if (!isAsRead(entry.getKey(), entry.getValue().getLoadedPersister())) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAsRead(
      PersistentCollection<?> collection, @Nullable CollectionPersister persister) {
    if (collection.isDirty() || collection.hasQueuedOperations()) {
      return false;
    }
    boolean changedUnseen =
        collection.wasInitialized()
            && persister != null
            && (collection.isDirectlyAccessible() || canElementsChange(persister));
    return !changedUnseen
        || (collection.getStoredSnapshot() != null && collection.equalsSnapshot(persister));
  }

  /** Entities among them are looked at by themselves. */
  private static boolean canElementsChange(CollectionPersister persister) {
    CollectionPart elements = persister.getAttributeMapping().getElementDescriptor();
    JavaType<?> type = elements.getJavaType();
    return elements instanceof EmbeddableValuedModelPart
        ? !type.getJavaTypeClass().isRecord()
        : elements instanceof BasicValuedModelPart && type.getMutabilityPlan().isMutable();
  }
}
