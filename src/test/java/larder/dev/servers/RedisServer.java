package larder.dev.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Redis server for tests, a child of this process: it can be hung, killed and started again, each
 * time empty and on the same port.
 *
 * <p>Not for use by several threads at once.
 */
public final class RedisServer implements AutoCloseable {

  private final Path program;
  private final RedisConnection connection;
  private @Nullable Process process;

  RedisServer(Path program, int port) {
    this.program = program;
    this.connection = new RedisConnection(port);
  }

  /** Starts the server unless it runs, and returns when it answers. */
  public void start() {
    if (process != null && process.isAlive()) {
      return;
    }
    try {
      process =
          new ProcessBuilder(RedisSettings.command(program, connection.port(), List.of()))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException("Redis cannot be started from " + program, e);
    }
    connection.awaitAnswer();
  }

  public int port() {
    return connection.port();
  }

  /** Returns the address as {@code spring.data.redis.url} wants it. */
  public String url() {
    return "redis://127.0.0.1:" + port();
  }

  /** Returns the process id of the running server. */
  public long pid() {
    return running().pid();
  }

  /** Sends one command and returns the reply as text. */
  public String command(String... words) {
    try {
      return connection.send(words);
    } catch (IOException e) {
      throw new UncheckedIOException("Redis did not take " + String.join(" ", words), e);
    }
  }

  /** Removes every key. */
  public void flush() {
    command("FLUSHALL");
  }

  /** Hangs the server: connections stay open and no command is answered. */
  public void suspend() {
    signal("STOP");
  }

  /** Ends {@link #suspend()}. */
  public void resume() {
    signal("CONT");
  }

  /** Ends the process at once, as a crash would; nothing happens if it does not run. */
  public void kill() {
    Process current = process;
    if (current == null) {
      return;
    }
    try {
      current.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Kills the server and starts an empty one on the same port. */
  public void restart() {
    kill();
    start();
  }

  @Override
  public void close() {
    kill();
  }

  private void signal(String name) {
    try {
      int status = new ProcessBuilder("kill", "-" + name, "" + pid()).start().waitFor();
      if (status != 0) {
        throw new IllegalStateException("Redis did not take signal " + name + ": status " + status);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Redis cannot be sent signal " + name, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while sending signal " + name, e);
    }
  }

  private Process running() {
    Process current = process;
    if (current == null || !current.isAlive()) {
      throw new IllegalStateException("Redis on port " + port() + " does not run");
    }
    return current;
  }
}
