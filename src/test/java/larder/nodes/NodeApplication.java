package larder.nodes;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The application that every node runs. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({Items.class, Hooks.class})
class NodeApplication {}
