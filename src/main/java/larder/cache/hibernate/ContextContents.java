package larder.cache.hibernate;

import jakarta.persistence.EntityManager;
import larder.cache.tracking.DatabaseReads;
import larder.cache.tracking.Reads;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.orm.jpa.EntityManagerProxy;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * What the entity managers that Spring has bound to this thread hold already: a load that meets it
 * there causes no statement, so it counts as read from the start.
 */
public final class ContextContents implements DatabaseReads {

  private static final Logger LOG = LoggerFactory.getLogger(ContextContents.class);

  private final HibernateTracking tracking;

  public ContextContents(HibernateTracking tracking) {
    this.tracking = tracking;
  }

  /** Adds what is held to what a load reads, once per load and entity manager. Never throws. */
  @Override
  public void addHeld(Reads reads) {
    for (Object resource : TransactionSynchronizationManager.getResourceMap().values()) {
      if (resource instanceof EntityManagerHolder holder) {
        try {
          add(holder.getEntityManager(), reads);
        } catch (RuntimeException failure) {
          LOG.warn("What a persistence context holds could not be told", failure);
          reads.unknown("a persistence context");
        }
      }
    }
  }

  @Override
  public boolean areSeen() {
    return tracking.isTracking();
  }

  private void add(EntityManager bound, Reads reads) {
    EntityManager entities =
        bound instanceof EntityManagerProxy proxy ? proxy.getTargetEntityManager() : bound;
    if (entities instanceof SharedSessionContractImplementor session) {
      FactoryModel model = tracking.model(session);
      if (model != null) {
        tracking.meet(session, model, reads);
        return;
      }
    }
    reads.unknown("a persistence context that is not tracked");
  }
}
