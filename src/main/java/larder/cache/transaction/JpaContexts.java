package larder.cache.transaction;

import jakarta.persistence.EntityManager;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Supplier;
import larder.cache.log.node.Origin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.orm.jpa.EntityManagerProxy;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The entity managers that Spring has bound to a thread, for a transaction or for a whole request,
 * and where each began. Thread-safe.
 */
public final class JpaContexts implements PersistenceContexts {

  private static final Logger log = LoggerFactory.getLogger(JpaContexts.class);

  private final Supplier<Origin> origins;
  private final Map<EntityManager, Origin> begun = Collections.synchronizedMap(new WeakHashMap<>());

  /**
   * @param origins gives the origin of what begins now
   */
  public JpaContexts(Supplier<Origin> origins) {
    this.origins = origins;
  }

  /** Takes note of an entity manager that was just opened and has read nothing yet. */
  public void opened(EntityManager entities) {
    begun.put(entities, origins.get());
    try {
      ManagedEntities.observe(entities);
    } catch (RuntimeException | LinkageError e) {
      log.debug("Entities of {} cannot be compared with what was read", entities.getClass(), e);
    }
  }

  @Override
  public @Nullable Origin earliest(Origin now) {
    Origin earliest = now;
    for (Object resource : TransactionSynchronizationManager.getResourceMap().values()) {
      if (resource instanceof EntityManagerHolder holder) {
        Origin opened = begun.get(target(holder.getEntityManager()));
        if (opened == null) {
          return null;
        }
        earliest = earliest.earlier(opened);
      }
    }
    return earliest;
  }

  @Override
  public boolean isClean() {
    for (Object resource : TransactionSynchronizationManager.getResourceMap().values()) {
      if (resource instanceof EntityManagerHolder holder
          && !isAsRead(target(holder.getEntityManager()))) {
        return false;
      }
    }
    return true;
  }

  /** Of another provider than Hibernate, nothing is known. */
  private static boolean isAsRead(EntityManager entities) {
    try {
      return ManagedEntities.areAsRead(entities);
    } catch (RuntimeException | LinkageError e) {
      log.debug("It is not known whether entities were changed", e);
      return false;
    }
  }

  private static EntityManager target(EntityManager entities) {
    return entities instanceof EntityManagerProxy proxy ? proxy.getTargetEntityManager() : entities;
  }
}
