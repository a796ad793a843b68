package larder.writebehind;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import larder.dev.servers.Database;
import larder.writebehind.WriteBehind.WhenRefused;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** A table that keeps every write in the order in which it was made, and says what is wrong. */
final class Writes {

  private static final String TABLE =
      """
      create table if not exists writes (
        pos bigint generated always as identity primary key, key text, seq bigint)
      """;

  private final Database database;

  /** The table in a database, made there with those of the ledger unless it is there. */
  Writes(Database database) {
    this.database = database;
    Flyway.configure()
        .dataSource(database.url(), database.user(), database.password())
        .locations("classpath:larder/postgresql")
        .load()
        .migrate();
    sql().execute(TABLE);
  }

  Database database() {
    return database;
  }

  /** Returns a way to ask, with a connection of its own. */
  JdbcTemplate sql() {
    return new JdbcTemplate(
        new SingleConnectionDataSource(
            database.url(), database.user(), database.password(), /* suppressClose= */ false));
  }

  /** Writes a batch with the connection of the transaction. */
  static void insert(JdbcTemplate sql, List<?> batch) {
    List<Object[]> rows =
        batch.stream()
            .map(Write.class::cast)
            .map(write -> new Object[] {write.key(), write.seq()})
            .toList();
    sql.batchUpdate("insert into writes (key, seq) values (?, ?)", rows);
  }

  List<Long> of(String key) {
    return sql().queryForList("select seq from writes where key = ? order by pos", Long.class, key);
  }

  int count() {
    Integer count = sql().queryForObject("select count(*) from writes", Integer.class);
    return count == null ? 0 : count;
  }

  int dead() {
    Integer count =
        sql().queryForObject("select count(*) from larder_writebehind_dead", Integer.class);
    return count == null ? 0 : count;
  }

  /** Returns what an annotated method says that keeps the order of each key. */
  static Declaration declaration(WhenRefused whenRefused) {
    Method method =
        Stream.of(Annotated.class.getDeclaredMethods())
            .filter(one -> said(one).whenRefused() == whenRefused)
            .findFirst()
            .orElseThrow();
    return Declaration.of(method, said(method));
  }

  private static WriteBehind said(Method method) {
    return Objects.requireNonNull(method.getAnnotation(WriteBehind.class));
  }

  /** One method for each choice. */
  static class Annotated {

    @WriteBehind(value = "writes", key = "key", whenRefused = WhenRefused.DROP)
    void drop(List<Write> batch) {}

    @WriteBehind(value = "writes", key = "key", whenRefused = WhenRefused.FAIL)
    void fail(List<Write> batch) {}

    @WriteBehind(value = "writes", key = "key", whenRefused = WhenRefused.WRITE_THROUGH)
    void writeThrough(List<Write> batch) {}
  }
}
