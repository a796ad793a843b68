package larder.dev.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A Redis server that several processes share, found running or started, whatever an earlier run
 * left behind.
 *
 * <p>It is detached from the terminal, so that Ctrl-C in one of the sharing processes does not
 * reach it. Its folder keeps the process id, the port and the log; it recognises its own server by
 * the working directory. The caller sees to it that only one process at a time opens or stops it.
 */
public final class DetachedRedis {

  private static final int ATTEMPTS = 3;
  private static final long STOP_SECONDS = 5;

  private final Path program;
  private final Path folder;
  private final Consumer<String> progress;

  public DetachedRedis(Path program, Path folder, Consumer<String> progress) {
    this.program = program;
    this.folder = folder;
    this.progress = progress;
  }

  /** Returns the port of the running server: the last one if that is free, or the preferred. */
  public int open(int preferredPort) {
    int lastPort = lastPort().orElse(preferredPort);
    if (isOurs(lastPort)) {
      progress.accept("Redis runs already on port " + lastPort);
      return lastPort;
    }
    killHung();
    return start(Loopback.freePort(lastPort));
  }

  /** Returns the process id of the server, if it runs. */
  public Optional<Long> pid() {
    return process().map(ProcessHandle::pid);
  }

  /** Stops the server, also one that hangs; it has nothing to save. */
  public void stop() {
    process().ifPresent(DetachedRedis::kill);
  }

  private int start(int firstPort) {
    int port = firstPort;
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      progress.accept("Starting Redis on port " + port);
      launch(port);
      new RedisConnection(port).awaitAnswer();
      if (isOurs(port)) {
        write("port", port);
        return port;
      }
      port = Loopback.freePort();
    }
    throw new IllegalStateException("Redis does not start, see " + folder.resolve("redis.log"));
  }

  private void launch(int port) {
    try {
      Files.createDirectories(folder);
      List<String> more = new ArrayList<>(List.of("--dir", folder.toString()));
      if (!isWindows()) {
        more.addAll(List.of("--daemonize", "yes", "--pidfile", file("pid").toString()));
      }
      Process process =
          new ProcessBuilder(RedisSettings.command(program, port, more))
              .redirectErrorStream(true)
              .redirectOutput(file("log").toFile())
              .start();
      if (isWindows()) {
        write("pid", process.pid());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Redis cannot be started from " + program, e);
    }
  }

  private boolean isOurs(int port) {
    try {
      List<String> reply = new RedisConnection(port).send("CONFIG", "GET", "dir").lines().toList();
      return reply.size() == 2 && Files.isSameFile(Path.of(reply.get(1)), folder);
    } catch (IOException e) {
      return false;
    }
  }

  private void killHung() {
    process()
        .ifPresent(
            process -> {
              progress.accept("Ending Redis process " + process.pid() + ", which does not answer");
              kill(process);
            });
  }

  private static void kill(ProcessHandle process) {
    process.destroyForcibly();
    try {
      process.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("Redis process " + process.pid() + " does not end", e);
    }
  }

  private Optional<ProcessHandle> process() {
    return read("pid")
        .flatMap(ProcessHandle::of)
        .filter(ProcessHandle::isAlive)
        .filter(process -> process.info().command().map(c -> c.contains("redis")).orElse(false));
  }

  private Optional<Integer> lastPort() {
    return read("port").map(Math::toIntExact);
  }

  private Optional<Long> read(String name) {
    try {
      return Files.exists(file(name))
          ? Optional.of(Long.parseLong(Files.readString(file(name)).strip()))
          : Optional.empty();
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private void write(String name, long value) {
    try {
      Files.writeString(file(name), Long.toString(value));
    } catch (IOException e) {
      throw new UncheckedIOException(file(name) + " cannot be written", e);
    }
  }

  private Path file(String name) {
    return folder.resolve("redis." + name);
  }

  private static boolean isWindows() {
    return System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
  }
}
