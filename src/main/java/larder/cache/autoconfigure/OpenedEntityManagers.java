package larder.cache.autoconfigure;

import jakarta.persistence.EntityManager;
import java.util.function.Consumer;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.orm.jpa.AbstractEntityManagerFactoryBean;

/** Has every entity manager that Spring opens taken note of, before it has read anything. */
final class OpenedEntityManagers implements BeanPostProcessor {

  private final Consumer<EntityManager> opened;

  OpenedEntityManagers(Consumer<EntityManager> opened) {
    this.opened = opened;
  }

  @Override
  public Object postProcessBeforeInitialization(Object bean, String name) {
    if (bean instanceof AbstractEntityManagerFactoryBean factory) {
      factory.setEntityManagerInitializer(opened);
    }
    return bean;
  }
}
