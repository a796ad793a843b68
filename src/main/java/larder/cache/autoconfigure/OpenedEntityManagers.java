package larder.cache.autoconfigure;

import jakarta.persistence.EntityManager;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.DirectFieldAccessor;
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
      Consumer<EntityManager> chosen = initializerOf(factory);
      factory.setEntityManagerInitializer(chosen == null ? opened : opened.andThen(chosen));
    }
    return bean;
  }

  /** Returns what the application has every entity manager begin with, such as filters. */
  @SuppressWarnings("unchecked")
  private static @Nullable Consumer<EntityManager> initializerOf(
      AbstractEntityManagerFactoryBean factory) {
    return (Consumer<EntityManager>)
        new DirectFieldAccessor(factory).getPropertyValue("entityManagerInitializer");
  }
}
