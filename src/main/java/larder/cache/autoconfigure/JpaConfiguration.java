package larder.cache.autoconfigure;

import larder.cache.log.node.LogFollower;
import larder.cache.transaction.JpaContexts;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;

/** What JPA adds: entity managers that outlive a load show what they read before it. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(
    name = {"jakarta.persistence.EntityManager", "org.springframework.orm.jpa.EntityManagerHolder"})
class JpaConfiguration {

  @Bean
  JpaContexts larderJpaContexts(LogFollower follower) {
    return new JpaContexts(follower::origin);
  }

  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static OpenedEntityManagers larderOpenedEntityManagers(ObjectProvider<JpaContexts> contexts) {
    return new OpenedEntityManagers(entities -> contexts.getObject().opened(entities));
  }
}
