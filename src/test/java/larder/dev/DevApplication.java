package larder.dev;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import larder.dev.demo.DemoCaches;
import larder.monolith.Application;
import larder.monolith.start.CheckedApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * The monolith for development, {@code mvn spring-boot:test-run}: with servers of its own and
 * sample users.
 *
 * <p>The annotation only tells the plugin which of the programs in the tests to run.
 *
 * <p>The profile {@code demo} adds caches that are broken on purpose.
 *
 * <p>Settings that are given win over those of development: a port, a database, a Redis.
 */
@SpringBootApplication
final class DevApplication {

  private DevApplication() {}

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(System.getProperty("larder.dev.folder", ".larder")).toAbsolutePath();
    CheckedApplication application = Application.create();
    application.addPrimarySources(List.of(DemoCaches.class, SampleViews.class));
    application.addListeners(new DevEnvironment(folder));
    application.runOrExit(args);
  }
}
