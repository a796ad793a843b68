package larder.cache.hibernate;

import org.hibernate.SessionFactory;
import org.hibernate.SessionFactoryObserver;
import org.hibernate.boot.Metadata;
import org.hibernate.boot.spi.BootstrapContext;
import org.hibernate.engine.config.spi.ConfigurationService;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.event.service.spi.EventListenerRegistry;
import org.hibernate.event.spi.EventType;
import org.hibernate.integrator.spi.Integrator;

/** Hibernate's door to the tracking of events; found by its service loader. */
public final class TrackingIntegrator implements Integrator {

  /** For the service loader. */
  public TrackingIntegrator() {}

  @Override
  public void integrate(
      Metadata metadata, BootstrapContext bootstrap, SessionFactoryImplementor factory) {
    Object setting =
        factory
            .getServiceRegistry()
            .requireService(ConfigurationService.class)
            .getSettings()
            .get(HibernateTracking.SETTING);
    if (setting instanceof HibernateTracking tracking) {
      factory.addObserver(new Start(tracking, metadata));
      listen(factory.getEventListenerRegistry(), tracking);
    }
  }

  private static void listen(EventListenerRegistry events, HibernateTracking tracking) {
    WrittenEntities entities = new WrittenEntities(tracking);
    events.appendListeners(EventType.POST_INSERT, entities);
    events.appendListeners(EventType.POST_UPDATE, entities);
    events.appendListeners(EventType.POST_UPSERT, entities);
    events.appendListeners(EventType.POST_DELETE, entities);
    WrittenCollections collections = new WrittenCollections(tracking);
    events.appendListeners(EventType.POST_COLLECTION_RECREATE, collections);
    events.appendListeners(EventType.POST_COLLECTION_UPDATE, collections);
    events.appendListeners(EventType.POST_COLLECTION_REMOVE, collections);
    LoadedEntities loaded = new LoadedEntities(tracking);
    events.appendListeners(EventType.LOAD, loaded);
    events.appendListeners(EventType.LOCK, loaded);
  }

  /** Has the model read once the mapping is complete. */
  private record Start(HibernateTracking tracking, Metadata metadata)
      implements SessionFactoryObserver {

    @Override
    public void sessionFactoryCreated(SessionFactory factory) {
      tracking.started(factory.unwrap(SessionFactoryImplementor.class), metadata);
    }

    @Override
    public void sessionFactoryClosed(SessionFactory factory) {
      tracking.stopped((SessionFactoryImplementor) factory);
    }
  }
}
