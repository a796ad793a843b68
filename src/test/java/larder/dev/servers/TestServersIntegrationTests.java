package larder.dev.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class TestServersIntegrationTests {

  @Test
  void postgresIsVersion18AndKnowsUnicode() throws SQLException {
    Database database = TestServers.freshDatabase();

    assertThat(ask(database, "show server_version")).startsWith("18.");
    assertThat(ask(database, "select lower('ÅSA Ωμέγα ЖУК')")).isEqualTo("åsa ωμέγα жук");
  }

  @Test
  void everyFreshDatabaseIsEmpty() throws SQLException {
    Database first = TestServers.freshDatabase();
    try (Connection connection = first.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("create table users (id int)");
    }

    String count = "select count(*) from pg_tables where tablename = 'users'";
    assertThat(ask(first, count)).isEqualTo("1");
    assertThat(ask(TestServers.freshDatabase(), count)).isEqualTo("0");
  }

  @Test
  void redisIsBoundedAndKeepsNothingOnDisk() {
    RedisServer redis = TestServers.redis();

    assertThat(redis.command("CONFIG", "GET", "maxmemory")).endsWith("134217728");
    assertThat(redis.command("CONFIG", "GET", "maxmemory-policy")).endsWith("allkeys-lfu");
    assertThat(redis.command("CONFIG", "GET", "save")).isEqualTo("save\n");
    assertThat(redis.command("CONFIG", "GET", "bind")).endsWith("127.0.0.1");
  }

  @Test
  void separateRedisHangsAndComesBack() {
    try (RedisServer redis = TestServers.separateRedis()) {
      redis.command("SET", "a", "1");
      redis.suspend();
      assertThatThrownBy(() -> redis.command("PING")).isInstanceOf(UncheckedIOException.class);

      redis.resume();
      assertThat(redis.command("GET", "a")).isEqualTo("1");
    }
  }

  @Test
  void separateRedisIsKilledAndRestartsEmptyOnItsPort() {
    try (RedisServer redis = TestServers.separateRedis()) {
      redis.command("SET", "a", "1");
      long pid = redis.pid();
      redis.kill();
      assertThatThrownBy(() -> redis.command("PING")).isInstanceOf(UncheckedIOException.class);

      redis.restart();
      assertThat(redis.pid()).isNotEqualTo(pid);
      assertThat(redis.command("DBSIZE")).isEqualTo("0");
    }
  }

  private static String ask(Database database, String query) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
