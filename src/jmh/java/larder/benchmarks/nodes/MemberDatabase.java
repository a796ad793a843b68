package larder.benchmarks.nodes;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import larder.dev.servers.Database;
import larder.dev.servers.TestServers;

/** A database of its own for each peer: one table of members, with ids from 1. */
final class MemberDatabase {

  /** How many members there are. */
  static final int ROWS = 60_000;

  private MemberDatabase() {}

  /** Makes one; its commits wait for the write-ahead log, as those of servers do by default. */
  static Database create() {
    Database database = TestServers.freshDatabase();
    run(
        database,
        """
        create table member (
          id bigint primary key, handle text not null, display_name text not null,
          about text not null, created_at timestamptz not null, followers integer not null)
        """,
        """
        insert into member
          select n, 'person-' || n, 'Person Number ' || n,
            'Likes long walks, short queries and the number ' || n,
            timestamptz '2026-01-01' + n * interval '1 second', mod(n, 1000)
          from generate_series(1, %d) n
        """
            .formatted(ROWS),
        "analyze member",
        "alter database %s set synchronous_commit = 'on'".formatted(name(database)));
    return database;
  }

  private static String name(Database database) {
    return database.url().substring(database.url().lastIndexOf('/') + 1);
  }

  private static void run(Database database, String... statements) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
