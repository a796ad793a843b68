package larder.benchmarks.pages;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A process that answers pages: a node of the monolith, or what stands in for one. */
final class Node implements AutoCloseable {

  /** The system property with further options of the processes' JVMs, separated by blanks. */
  private static final String OPTIONS = "larder.benchmarks.node.options";

  /** Code is compiled for good after a fifth of the calls that it takes otherwise. */
  private static final String SOONER = "-XX:CompileThresholdScaling=0.2";

  private static final long START_SECONDS = 300;

  private final Process process;
  private final Path log;
  private final CompletableFuture<Integer> port = new CompletableFuture<>();

  private Node(Process process, Path log) {
    this.process = process;
    this.log = log;
    Thread listener = new Thread(this::listen, "node");
    listener.setDaemon(true);
    listener.start();
  }

  /**
   * Launches a program; {@link #port()} waits until it answers.
   *
   * @param log where goes what it says
   */
  static Node launch(Class<?> program, List<String> arguments, Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xms512m", "-Xmx512m", SOONER));
    String options = System.getProperty(OPTIONS, "").strip();
    if (!options.isEmpty()) {
      command.addAll(List.of(options.replace("{name}", log.getFileName().toString()).split(" ")));
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(arguments);
    return new Node(
        new ProcessBuilder(command).redirectError(Redirect.appendTo(log.toFile())).start(), log);
  }

  private void listen() {
    try (BufferedReader out =
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        BufferedWriter said = Files.newBufferedWriter(log, CREATE, APPEND)) {
      String line = out.readLine();
      while (line != null) {
        if (line.startsWith(PageNode.READY)) {
          port.complete(Integer.valueOf(line.substring(PageNode.READY.length())));
        } else {
          said.write(line + "\n");
          said.flush();
        }
        line = out.readLine();
      }
    } catch (IOException ended) {
      // Said below.
    }
    port.completeExceptionally(new IllegalStateException("A node has ended, see " + log));
  }

  /** Returns where it answers, once it does. */
  int port() throws Exception {
    return port.get(START_SECONDS, TimeUnit.SECONDS);
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
