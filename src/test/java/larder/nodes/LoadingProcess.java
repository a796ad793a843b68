package larder.nodes;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import larder.cache.log.service.LogService;
import larder.dev.servers.ChildJvm;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** A node in a process of its own that reads an item from the database and never comes back. */
final class LoadingProcess implements AutoCloseable {

  private static final String LOADING = "LOADING";

  private final Process process;

  private LoadingProcess(Process process) {
    this.process = process;
  }

  static LoadingProcess start(Fleet fleet, String application, long id) throws IOException {
    Map<String, ?> settings =
        Map.of(
            "spring.application.name", application,
            "spring.main.sources", Loading.class.getName(),
            "id", id);
    List<String> command = ChildJvm.command(SpringApplication.class);
    command.addAll(Node.arguments(fleet.database(), fleet.redis(), settings));
    return new LoadingProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** Returns when the process has read the item. */
  void awaitLoading() throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    while (line != null && !line.equals(LOADING)) {
      line = out.readLine();
    }
    if (line == null) {
      throw new IllegalStateException("The process ended before it loaded");
    }
  }

  /** Ends the process as a crash would. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** The application of the process: it loads the item that {@code --id} names. */
  @Configuration(proxyBeanMethods = false)
  @Import(NodeApplication.class)
  static class Loading {

    @Bean
    ApplicationRunner load(Items items, Hooks hooks, LogService log, @Value("${id}") long id) {
      hooks.afterReading(
          id,
          () -> {
            System.out.println(LOADING);
            new Gate().pass();
          });
      return arguments -> {
        await().atMost(Duration.ofSeconds(20)).until(log::isCurrent);
        items.find(id);
      };
    }
  }
}
