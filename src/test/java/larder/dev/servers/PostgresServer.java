package larder.dev.servers;

import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A PostgreSQL server on the loopback address, run from a home folder on a data folder.
 *
 * <p>The server is a process of its own that outlives this one unless it is stopped. It listens on
 * TCP only: Unix sockets would leave lock files outside the data folder.
 *
 * @param home the folder of the programs, see {@link Programs#postgres()}
 * @param data the data folder, see {@link #initialise}
 * @param port where the server listens
 */
public record PostgresServer(Path home, Path data, int port) {

  /** The owner of every database. */
  public static final String USER = "larder";

  /** The owner's password: no secret, the server is reachable from this machine only. */
  public static final String PASSWORD = "larder";

  private static final int START_SECONDS = 60;

  /**
   * Fills a data folder, all or nothing.
   *
   * <p>Text is UTF-8 and sorted by code point; {@code lower} and {@code upper} know all of Unicode,
   * on each operating system alike.
   */
  public static void initialise(Path home, Path data) {
    try {
      Path parent = Files.createDirectories(data.toAbsolutePath().getParent());
      Folders.deleteLeftovers(parent);
      Path draft = Folders.draft(parent);
      Path password = Files.writeString(draft.resolve("password"), PASSWORD);
      Path draftData = draft.resolve("data");
      run(home, draft.resolve("initdb.log"), "initdb", initdbArguments(draftData, password));
      Files.move(draftData, data);
      Folders.delete(draft);
    } catch (IOException e) {
      throw new UncheckedIOException("No PostgreSQL data folder can be made at " + data, e);
    }
  }

  /**
   * Starts a server and returns when it accepts connections.
   *
   * @param settings more settings, each as {@code name=value}
   */
  public static PostgresServer start(Path home, Path data, int port, List<String> settings) {
    List<String> all = new ArrayList<>(settings);
    all.add("port=" + port);
    all.add("listen_addresses=127.0.0.1");
    all.add("unix_socket_directories=");
    String options =
        all.stream().map("-c '%s'"::formatted).reduce((a, b) -> a + " " + b).orElse("");
    Path log = data.resolveSibling(data.getFileName() + ".log");
    run(
        home,
        data.resolveSibling(data.getFileName() + "-start.log"),
        "pg_ctl",
        List.of(
            "start",
            "-w",
            "-t",
            "" + START_SECONDS,
            "-D",
            "" + data,
            "-l",
            "" + log,
            "-o",
            options));
    return new PostgresServer(home, data, port);
  }

  /** Stops the server, whoever started it: running statements are cancelled, nothing is lost. */
  public void stop() {
    Path output = data.resolveSibling(data.getFileName() + "-stop.log");
    run(home, output, "pg_ctl", List.of("stop", "-w", "-m", "fast", "-D", data.toString()));
  }

  /** Ends the server at once, as a crash would; the next start recovers what was committed. */
  public void crash() {
    Path output = data.resolveSibling(data.getFileName() + "-stop.log");
    run(home, output, "pg_ctl", List.of("stop", "-w", "-m", "immediate", "-D", data.toString()));
  }

  /** Returns the named database of this server, whether it exists or not. */
  public Database database(String name) {
    return new Database("jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, name), USER, PASSWORD);
  }

  /** Creates the named database unless it is there, and returns it. */
  public Database createDatabase(String name) {
    try (Connection connection = database("postgres").connect();
        Statement statement = connection.createStatement()) {
      if (!exists(statement, name)) {
        statement.execute("create database \"" + name + "\"");
      }
      return database(name);
    } catch (SQLException e) {
      throw new IllegalStateException("Database " + name + " cannot be created on " + this, e);
    }
  }

  private static boolean exists(Statement statement, String database) throws SQLException {
    String query = "select 1 from pg_database where datname = '" + database + "'";
    try (ResultSet rows = statement.executeQuery(query)) {
      return rows.next();
    }
  }

  private static List<String> initdbArguments(Path data, Path password) {
    return List.of(
        "-D",
        data.toString(),
        "-U",
        USER,
        "-A",
        "scram-sha-256",
        "--pwfile=" + password,
        "-E",
        "UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-instructions");
  }

  /** Runs one of PostgreSQL's programs to its end; its output must go to a file, not to a pipe. */
  private static void run(Path home, Path output, String program, List<String> arguments) {
    List<String> command =
        Stream.concat(
                Stream.concat(
                    asOrdinaryUser(), Stream.of(home.resolve("bin/" + program).toString())),
                arguments.stream())
            .toList();
    try {
      int status =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start()
              .waitFor();
      if (status != 0) {
        throw new IllegalStateException(
            "PostgreSQL's %s failed with status %d: %s"
                .formatted(program, status, Files.readString(output).strip()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL's " + program + " cannot be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for PostgreSQL's " + program, e);
    }
  }

  /** PostgreSQL refuses to run as root; a user namespace without a mapping is not root. */
  private static Stream<String> asOrdinaryUser() {
    return LinuxUtils.isUnshareAvailable() ? Stream.of("unshare", "-U") : Stream.empty();
  }
}
