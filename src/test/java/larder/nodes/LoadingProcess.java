package larder.nodes;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A node in a process of its own that reads an item from the database and never comes back. */
final class LoadingProcess implements AutoCloseable {

  private static final String LOADING = "LOADING";

  private final Process process;

  private LoadingProcess(Process process) {
    this.process = process;
  }

  static LoadingProcess start(Fleet fleet, String application, long id) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(LoadingProcess.class.getName());
    fleet.database().settings().forEach((name, value) -> command.add("--" + name + "=" + value));
    command.add("--spring.data.redis.url=" + fleet.redis().url());
    command.add("--spring.application.name=" + application);
    command.add("--id=" + id);
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

  /** Loads the item that {@code --id} names. */
  public static void main(String... settings) {
    Node node = Node.start(Map.of(), settings, new Class<?>[0]).awaitCurrent();
    long id = Long.parseLong(node.setting("id"));
    node.hooks()
        .afterReading(
            id,
            () -> {
              System.out.println(LOADING);
              new Gate().pass();
            });
    node.items().find(id);
  }
}
