package larder.dev;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import larder.dev.servers.Database;
import larder.dev.servers.Loopback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * The settings of development, put below everything that the user sets and above the application's
 * own: the servers, a free port, the sign-ins.
 */
final class DevEnvironment
    implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

  private static final Logger LOG = LoggerFactory.getLogger(DevApplication.class);
  private static final int FIRST_PORT = 8080;
  private static final int LAST_PORT = 8180;

  private final Path folder;

  DevEnvironment(Path folder) {
    this.folder = folder;
  }

  /** After logging is ready, before the database is checked. */
  @Override
  public int getOrder() {
    return LoggingApplicationListener.DEFAULT_ORDER + 10;
  }

  @Override
  public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
    ConfigurableEnvironment environment = event.getEnvironment();
    try {
      Map<String, Object> settings = settings(event.getSpringApplication(), environment);
      environment
          .getPropertySources()
          .addAfter(
              StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
              new MapPropertySource("development", settings));
    } catch (IOException e) {
      throw new UncheckedIOException("The servers of development cannot be used in " + folder, e);
    }
  }

  private Map<String, Object> settings(
      SpringApplication application, ConfigurableEnvironment environment) throws IOException {
    Map<String, Object> settings = new HashMap<>();
    DevServers servers = new DevServers(folder, LOG::info);
    if (environment.containsProperty("spring.datasource.url")) {
      LOG.info("Using the database that spring.datasource.url names, without sample users");
    } else {
      settings.putAll(join(servers, application));
      settings.put("larder.monolith.sample-sign-in", SampleUsers.SIGN_IN);
    }
    if (!environment.containsProperty("server.port")) {
      settings.put("server.port", freePort(servers));
    }
    return settings;
  }

  private static Map<String, Object> join(DevServers servers, SpringApplication application)
      throws IOException {
    SpringApplication.getShutdownHandlers().add(servers::close);
    Database database = servers.join();
    application.addInitializers(new SampleUsers());
    application.addListeners(new DevSummary(servers, database));
    Map<String, Object> settings = new HashMap<>(database.settings());
    settings.put("spring.data.redis.url", servers.redisUrl());
    return settings;
  }

  private static int freePort(DevServers servers) throws IOException {
    for (int port = FIRST_PORT; port <= LAST_PORT; port++) {
      if (Loopback.isFree(port) && servers.claim(port)) {
        if (port != FIRST_PORT) {
          LOG.info(
              "Port {} is taken, using {} (choose another with --server.port)", FIRST_PORT, port);
        }
        return port;
      }
    }
    return 0;
  }
}
