package larder.dev.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The servers of a test run: one PostgreSQL and one Redis per JVM, started when first asked for and
 * stopped when the JVM ends.
 *
 * <p>A test class asks for a database of its own with {@link #freshDatabase()}. A test that hangs
 * or kills Redis asks for a server of its own with {@link #separateRedis()}.
 */
public final class TestServers {

  private static final List<String> FAST_AND_FORGETFUL =
      List.of("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200");

  private static final Programs PROGRAMS =
      new Programs(Programs.SHARED_FOLDER, message -> System.out.println(message));

  private static final AtomicInteger DATABASES = new AtomicInteger();

  private TestServers() {}

  /** Returns the PostgreSQL server that all tests of this JVM share. */
  public static PostgresServer postgres() {
    return SharedPostgres.SERVER;
  }

  /** Returns a new, empty database on the shared server. */
  public static Database freshDatabase() {
    return postgres().createDatabase("test_" + DATABASES.incrementAndGet());
  }

  /** Returns the Redis server that all tests of this JVM share. */
  public static RedisServer redis() {
    return SharedRedis.SERVER;
  }

  /** Starts a Redis server for one test, which closes it. */
  public static RedisServer separateRedis() {
    RedisServer server = new RedisServer(PROGRAMS.redis(), Loopback.freePort());
    atExit(server::close);
    server.start();
    return server;
  }

  private static PostgresServer startPostgres() {
    try {
      Path home = PROGRAMS.postgres();
      Path folder = Files.createTempDirectory("larder-test-postgres-");
      PostgresServer.initialise(home, folder.resolve("data"));
      PostgresServer server =
          PostgresServer.start(
              home, folder.resolve("data"), Loopback.freePort(), FAST_AND_FORGETFUL);
      atExit(() -> stopAndDelete(server, folder));
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException("No temporary folder for PostgreSQL", e);
    }
  }

  private static void stopAndDelete(PostgresServer server, Path folder) {
    server.stop();
    try {
      Folders.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(folder + " cannot be removed", e);
    }
  }

  private static void atExit(Runnable action) {
    Runtime.getRuntime().addShutdownHook(new Thread(action, "test-servers"));
  }

  /** Starts PostgreSQL when first used. */
  private static final class SharedPostgres {
    static final PostgresServer SERVER = startPostgres();
  }

  /** Starts Redis when first used. */
  private static final class SharedRedis {
    static final RedisServer SERVER = separateRedis();
  }
}
