package larder.topologies;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import larder.dev.servers.Loopback;
import larder.dev.servers.RedisConnection;
import org.jspecify.annotations.Nullable;

/**
 * A Redis server with settings and a folder of its own, which keeps both when it is killed and
 * started again.
 *
 * <p>Not for use by several threads at once.
 */
public final class RedisProcess implements AutoCloseable {

  private final Path program;
  private final Path folder;
  private final RedisConnection connection;
  private final List<String> settings;
  private final Thread atExit = new Thread(this::kill, "redis-process");
  private @Nullable Process process;

  private RedisProcess(Path program, List<String> settings) {
    this.program = program;
    this.connection = new RedisConnection(Loopback.freePort());
    this.settings = List.copyOf(settings);
    try {
      folder = Files.createTempDirectory("larder-test-redis-");
    } catch (IOException e) {
      throw new UncheckedIOException("No temporary folder for Redis", e);
    }
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /**
   * Starts a server that saves nothing by itself.
   *
   * @param settings further settings, as on Redis's command line
   */
  public static RedisProcess start(Path program, String... settings) {
    RedisProcess server = new RedisProcess(program, List.of(settings));
    server.start();
    return server;
  }

  /** Starts a sentinel of one master, named {@code shop}, that takes 0.6 s of silence for death. */
  static RedisProcess startSentinel(Path program, int masterPort) {
    RedisProcess sentinel = new RedisProcess(program, List.of("--sentinel"));
    sentinel.write(
        "sentinel.conf",
        """
        sentinel monitor shop 127.0.0.1 %d 2
        sentinel down-after-milliseconds shop 600
        sentinel failover-timeout shop 3000
        """
            .formatted(masterPort));
    sentinel.start();
    return sentinel;
  }

  /** Starts the server unless it runs, and returns when it answers. */
  public void start() {
    if (process != null && process.isAlive()) {
      return;
    }
    try {
      process =
          new ProcessBuilder(command())
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("log").toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException("Redis cannot be started from " + program, e);
    }
    connection.awaitAnswer();
  }

  /** Starts the server without what it has saved, unless it runs. */
  public void startEmpty() {
    try {
      Files.deleteIfExists(folder.resolve("dump.rdb"));
    } catch (IOException e) {
      throw new UncheckedIOException(folder + " keeps what Redis saved", e);
    }
    start();
  }

  private List<String> command() {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    Path file = folder.resolve("sentinel.conf");
    if (Files.exists(file)) {
      command.add(file.toString());
    }
    command.addAll(List.of("--port", "" + port(), "--bind", "127.0.0.1"));
    command.addAll(List.of("--dir", folder.toString(), "--save", ""));
    command.addAll(settings);
    return command;
  }

  public int port() {
    return connection.port();
  }

  String address() {
    return "127.0.0.1:" + port();
  }

  /** Sends one command and returns the reply as text. */
  public String command(String... words) {
    try {
      return connection.send(words);
    } catch (IOException e) {
      throw new UncheckedIOException("Redis did not take " + String.join(" ", words), e);
    }
  }

  /** Hangs the server: connections stay open and no command is answered. */
  public void suspend() {
    signal("STOP");
  }

  /** Ends {@link #suspend()}; nothing happens if it was not. */
  public void resume() {
    signal("CONT");
  }

  /** Ends the process at once, as a crash would. */
  public void kill() {
    Process current = process;
    if (current != null) {
      current.destroyForcibly();
      current.onExit().join();
    }
  }

  @Override
  public void close() {
    kill();
    Runtime.getRuntime().removeShutdownHook(atExit);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(folder + " cannot be removed", e);
    }
  }

  private void write(String file, String text) {
    try {
      Files.writeString(folder.resolve(file), text);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be written", e);
    }
  }

  private void signal(String name) {
    Process current = process;
    if (current == null || !current.isAlive()) {
      return;
    }
    try {
      new ProcessBuilder("kill", "-" + name, "" + current.pid()).start().onExit().join();
    } catch (IOException e) {
      throw new UncheckedIOException("Redis cannot be sent signal " + name, e);
    }
  }
}
