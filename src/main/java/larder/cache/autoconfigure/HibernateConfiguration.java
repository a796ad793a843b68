package larder.cache.autoconfigure;

import larder.cache.hibernate.ContextContents;
import larder.cache.hibernate.HibernateTracking;
import larder.cache.tracking.DatabaseReads;
import larder.cache.tracking.Relations;
import larder.cache.tracking.Writes;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.util.function.SingletonSupplier;

/** What Hibernate adds: what loads read and transactions write is known. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(
    name = {"org.hibernate.SessionFactory", "org.springframework.orm.jpa.EntityManagerHolder"})
class HibernateConfiguration {

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static HibernateTracking larderHibernateTracking(
      ObjectProvider<Writes> writes, ObjectProvider<Relations> relations) {
    return new HibernateTracking(
        SingletonSupplier.of(() -> writes.getIfAvailable(() -> Writes.NONE))::obtain,
        SingletonSupplier.of(relations::getObject)::obtain);
  }

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static TrackedEntityManagerFactories larderTrackedEntityManagerFactories(
      ObjectProvider<HibernateTracking> tracking) {
    return new TrackedEntityManagerFactories(tracking::getObject);
  }

  @Bean
  DatabaseReads larderContextContents(HibernateTracking tracking) {
    return new ContextContents(tracking);
  }
}
