package larder.nodes;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.orm.jpa.JpaTransactionManager;

/** The application that every node runs. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({Items.class, Hooks.class})
class NodeApplication {

  @Bean
  TransactionManagerCustomizer<JpaTransactionManager> savepoints() {
    return manager -> manager.setNestedTransactionAllowed(true);
  }
}
