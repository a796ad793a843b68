package larder.dev.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * PostgreSQL on a data folder that is kept: found running, or started, whatever an earlier run left
 * behind.
 *
 * <p>The caller sees to it that only one process at a time opens the same data folder.
 */
public final class PersistentPostgres {

  private static final int ATTEMPTS = 3;
  private static final long PATIENCE_NANOS = 30_000_000_000L;
  private static final long PAUSE_NANOS = 200_000_000L;

  private final Path home;
  private final Path data;
  private final Consumer<String> progress;

  public PersistentPostgres(Path home, Path data, Consumer<String> progress) {
    this.home = home;
    this.data = data;
    this.progress = progress;
  }

  /** Returns the running server; it listens on {@code preferredPort} if that is free. */
  public PostgresServer open(int preferredPort) {
    if (!Files.exists(data)) {
      progress.accept("Making a PostgreSQL data folder at " + data + " (once)");
      PostgresServer.initialise(home, data);
    }
    return findRunning().orElseGet(() -> start(preferredPort));
  }

  /** Returns the server that an earlier run left running, once it answers. */
  private Optional<PostgresServer> findRunning() {
    long start = System.nanoTime();
    for (Optional<Postmaster> left = postmaster(); left.isPresent(); left = postmaster()) {
      PostgresServer server = new PostgresServer(home, data, left.get().port());
      if (answers(server)) {
        progress.accept("PostgreSQL runs already on port " + server.port());
        return Optional.of(server);
      }
      if (System.nanoTime() - start > PATIENCE_NANOS) {
        throw new IllegalStateException(
            "PostgreSQL process %d on %s runs but does not answer; end it and try again"
                .formatted(left.get().pid(), data));
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return Optional.empty();
  }

  private PostgresServer start(int preferredPort) {
    int port = Loopback.freePort(preferredPort);
    for (int attempt = 1; ; attempt++) {
      progress.accept("Starting PostgreSQL on port " + port);
      try {
        return PostgresServer.start(home, data, port, List.of());
      } catch (IllegalStateException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
        progress.accept("PostgreSQL did not start, trying another port");
        port = Loopback.freePort();
      }
    }
  }

  private boolean answers(PostgresServer server) {
    try (Connection connection = server.database("postgres").connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("show data_directory")) {
      return rows.next() && Files.isSameFile(Path.of(rows.getString(1)), data);
    } catch (SQLException | IOException e) {
      return false;
    }
  }

  /**
   * Returns who holds the data folder.
   *
   * <p>A lock file of a dead process is left to PostgreSQL, which also looks whether the dead
   * server's children still use the data. One whose process id belongs to another program by now
   * would keep PostgreSQL from starting, so it is removed.
   */
  private Optional<Postmaster> postmaster() {
    Path file = data.resolve("postmaster.pid");
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      Postmaster postmaster = Postmaster.parse(Files.readAllLines(file));
      if (postmaster.isAnotherProgram()) {
        progress.accept("Removing the lock file of a PostgreSQL that is gone: " + file);
        Files.deleteIfExists(file);
        return Optional.empty();
      }
      return Optional.of(postmaster).filter(Postmaster::runs);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }

  /**
   * What a PostgreSQL lock file tells of its server.
   *
   * @param pid the process that wrote the file
   * @param port where it listens
   */
  private record Postmaster(long pid, int port) {

    private static final int PORT_LINE = 3;

    static Postmaster parse(List<String> lines) {
      boolean whole = lines.size() > PORT_LINE;
      return whole
          ? new Postmaster(
              Long.parseLong(lines.get(0).strip()), Integer.parseInt(lines.get(PORT_LINE).strip()))
          : new Postmaster(0, 0);
    }

    boolean runs() {
      return process().isPresent();
    }

    /** Whether the process id has passed to a program that is known not to be PostgreSQL. */
    boolean isAnotherProgram() {
      return process()
          .flatMap(process -> process.info().command())
          .filter(command -> !command.contains("postgres"))
          .isPresent();
    }

    private Optional<ProcessHandle> process() {
      return ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
    }
  }
}
