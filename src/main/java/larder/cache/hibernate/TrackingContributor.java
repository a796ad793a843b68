package larder.cache.hibernate;

import java.util.Map;
import org.hibernate.boot.registry.StandardServiceInitiator;
import org.hibernate.boot.registry.StandardServiceRegistryBuilder;
import org.hibernate.boot.registry.selector.spi.StrategySelector;
import org.hibernate.cfg.JdbcSettings;
import org.hibernate.engine.jdbc.spi.JdbcServices;
import org.hibernate.resource.jdbc.spi.StatementInspector;
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
      builder.applySetting(JdbcSettings.STATEMENT_INSPECTOR, new ToldInspector(inspector(builder)));
    }
  }

  /** Returns the application's own inspector, which comes first. */
  private static StatementInspector inspector(StandardServiceRegistryBuilder builder) {
    StatementInspector own =
        builder
            .getBootstrapServiceRegistry()
            .requireService(StrategySelector.class)
            .resolveStrategy(
                StatementInspector.class,
                builder.getSettings().get(JdbcSettings.STATEMENT_INSPECTOR));
    return own == null ? StatementInspector.NONE : own;
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
