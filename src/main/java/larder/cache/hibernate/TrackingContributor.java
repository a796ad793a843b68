package larder.cache.hibernate;

import java.util.Map;
import org.hibernate.boot.registry.StandardServiceInitiator;
import org.hibernate.boot.registry.StandardServiceRegistryBuilder;
import org.hibernate.engine.jdbc.spi.JdbcServices;
import org.hibernate.service.spi.ServiceContributor;
import org.hibernate.service.spi.ServiceRegistryImplementor;

/** Hibernate's door to the tracking of selects and bulk statements; found by its service loader. */
public final class TrackingContributor implements ServiceContributor {

  /** For the service loader. */
  public TrackingContributor() {}

  @Override
  public void contribute(StandardServiceRegistryBuilder builder) {
    if (builder.getSettings().get(HibernateTracking.SETTING)
        instanceof HibernateTracking tracking) {
      builder.addInitiator(new Initiator(tracking));
    }
  }

  /** A service added ready-made would never be configured; what is initiated is. */
  private record Initiator(HibernateTracking tracking)
      implements StandardServiceInitiator<JdbcServices> {

    @Override
    public Class<JdbcServices> getServiceInitiated() {
      return JdbcServices.class;
    }

    @Override
    public JdbcServices initiateService(
        Map<String, Object> settings, ServiceRegistryImplementor registry) {
      return new TrackedJdbcServices(tracking);
    }
  }
}
