package larder.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import larder.dev.servers.Database;
import larder.dev.servers.Loopback;
import larder.dev.servers.PostgresServer;
import larder.dev.servers.Programs;
import larder.history.node.Workload;
import larder.topologies.RedisProcess;
import org.springframework.util.FileSystemUtils;

/**
 * The one PostgreSQL and the one Redis of a run.
 *
 * <p>PostgreSQL does not wait for the disk, since the machine does not crash, but a commit is on
 * its way there before it is answered: a crash of the server loses none.
 */
final class Servers implements AutoCloseable {

  private static final List<String> SETTINGS =
      List.of("fsync=off", "full_page_writes=off", "synchronous_commit=on", "max_connections=100");

  private static final String MUTE_OUTBOX =
      """
      do $$
      declare
        outbox text;
      begin
        create function history_mute() returns trigger language plpgsql
          as 'begin return null; end';
        select quote_ident(schemaname) || '.' || quote_ident(tablename) into strict outbox
          from pg_tables where tablename ~ '^larder.*outbox$';
        execute 'create trigger history_mute before insert on ' || outbox
          || ' for each row execute function history_mute()';
      end $$
      """;

  /**
   * The cursor is moved by each relay that has told something, and by the first of several. A node
   * gives its number with each of its connections.
   */
  private static final String NOTE_RELAY =
      """
      create table history_relay as select -1 as node;
      create function history_relay() returns trigger language plpgsql
        as 'begin
              update history_relay set node = current_setting(''history.node'')::int;
              return null;
            end';
      create trigger history_relay after insert or update on larder_outbox_cursor
        for each row execute function history_relay()
      """;

  private final Path folder;
  private final Path home;
  private final RedisProcess redis;
  private PostgresServer postgres;

  private Servers(Path folder, Path home, PostgresServer postgres, RedisProcess redis) {
    this.folder = folder;
    this.home = home;
    this.postgres = postgres;
    this.redis = redis;
  }

  /** Starts both in a folder that goes with them. */
  static Servers start(Path folder) {
    Programs programs = new Programs(Programs.SHARED_FOLDER, System.out::println);
    Path home = programs.postgres();
    PostgresServer.initialise(home, folder.resolve("data"));
    PostgresServer postgres =
        PostgresServer.start(home, folder.resolve("data"), Loopback.freePort(), SETTINGS);
    Servers servers = new Servers(folder, home, postgres, RedisProcess.start(programs.redis()));
    servers.createTables();
    return servers;
  }

  private void createTables() {
    postgres.createDatabase("history");
    try (Connection connection = database().connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "create table history_item (id int primary key, bucket int not null, stamp bigint not"
              + " null)");
      statement.execute(
          "create table history_part (id int primary key, owner int not null, stamp bigint not"
              + " null)");
      statement.execute(
          "insert into history_item select n, n / %d, 0 from generate_series(0, %d) n"
              .formatted(Workload.PER_BUCKET, Workload.ITEMS - 1));
      statement.execute(
          "insert into history_part select n + %d, n / %d, 0 from generate_series(0, %d) n"
              .formatted(Workload.FIRST_PART, Workload.PER_OWNER, Workload.PARTS - 1));
    } catch (SQLException e) {
      throw new IllegalStateException("The tables cannot be made", e);
    }
  }

  /**
   * Lets every row for the outbox vanish, whoever writes it, so that it is read and found empty.
   * Throws if there is no such table.
   */
  void muteOutbox() {
    try (Connection connection = database().connect();
        Statement statement = connection.createStatement()) {
      statement.execute(MUTE_OUTBOX);
    } catch (SQLException e) {
      throw new IllegalStateException("The outbox cannot be muted", e);
    }
  }

  /** Has {@link #relay} know who relays from now on. Throws if there is no outbox. */
  void noteRelay() {
    try (Connection connection = database().connect();
        Statement statement = connection.createStatement()) {
      statement.execute(NOTE_RELAY);
    } catch (SQLException e) {
      throw new IllegalStateException("It cannot be noted who relays", e);
    }
  }

  /**
   * Returns the number of the node that has relayed last; negative if there is none, or if the
   * database does not answer.
   */
  int relay() {
    try (Connection connection = database().connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select node from history_relay")) {
      return rows.next() ? rows.getInt(1) : -1;
    } catch (SQLException e) {
      return -1;
    }
  }

  Database database() {
    return postgres.database("history");
  }

  RedisProcess redis() {
    return redis;
  }

  int postgresPort() {
    return postgres.port();
  }

  void stopPostgres() {
    postgres.stop();
  }

  void crashPostgres() {
    postgres.crash();
  }

  void startPostgres() {
    postgres = PostgresServer.start(home, folder.resolve("data"), postgres.port(), SETTINGS);
  }

  @Override
  public void close() {
    redis.close();
    postgres.crash();
    try {
      FileSystemUtils.deleteRecursively(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(folder + " cannot be removed", e);
    }
  }
}
