package larder.monolith;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.HashMap;
import java.util.Map;
import larder.dev.servers.TestServers;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextConfiguration;

/** The whole monolith on a free port, with real servers; one instance for all classes. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
    classes = Application.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = MonolithTest.Servers.class)
public @interface MonolithTest {

  /** Points the monolith to an empty database and to the shared Redis. */
  class Servers implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    @Override
    public void initialize(ConfigurableApplicationContext context) {
      Map<String, Object> settings = new HashMap<>(TestServers.freshDatabase().settings());
      settings.put("spring.data.redis.url", TestServers.redis().url());
      settings.put("spring.application.name", "larder-monolith-tests");
      settings.put("server.address", "127.0.0.1");
      settings.put("larder.remote.deadline", "2s");
      // All classes sign in from one address.
      settings.put("larder.limits.sign-in-network.limit", "10000");
      settings.put("larder.limits.sign-up.limit", "10000");
      settings.put("larder.jobs.enabled", "false");
      context
          .getEnvironment()
          .getPropertySources()
          .addFirst(new MapPropertySource("servers", settings));
      ((GenericApplicationContext) context).registerBean(QuickPasswords.class);
    }
  }
}
