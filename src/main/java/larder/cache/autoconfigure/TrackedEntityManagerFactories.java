package larder.cache.autoconfigure;

import java.util.function.Supplier;
import larder.cache.hibernate.HibernateTracking;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.orm.jpa.AbstractEntityManagerFactoryBean;

/** Gives every entity manager factory that Spring builds the tracking that it takes part in. */
final class TrackedEntityManagerFactories implements BeanPostProcessor {

  private final Supplier<HibernateTracking> tracking;

  TrackedEntityManagerFactories(Supplier<HibernateTracking> tracking) {
    this.tracking = tracking;
  }

  @Override
  public Object postProcessBeforeInitialization(Object bean, String name) {
    if (bean instanceof AbstractEntityManagerFactoryBean factory) {
      factory.getJpaPropertyMap().put(HibernateTracking.SETTING, tracking.get());
    }
    return bean;
  }
}
