package larder.cache.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What statements of many shapes are taken to read and write. */
class SqlEffectsTests {

  private static final Set<String> TABLES = Set.of("users", "orders");

  private final SqlEffects sql = new SqlEffects();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "select * from users | users",
        "select * from users u join orders o on o.u = u.id | users orders",
        "select (select count(*) from orders) from users | users orders",
        "with recent as (select * from orders) select * from recent | orders",
        "with users as (select * from users) select * from users | users",
        "select count(*) as c, max(x) as m from orders | orders",
        "select * from only users | users",
        "select extract(year from born) from users | users",
        "select * from users for update | users",
        "select 'from orders' from users -- from orders | users",
        "select * from public.users | public.users",
        "select * from users; select * from orders | users orders",
      })
  void readsTheTablesItNames(String text, String tables) {
    SqlEffect effect = sql.of(text);
    assertThat(effect.doubt()).isNull();
    assertThat(effect.writes()).isFalse();
    assertThat(effect.tables(TABLES::contains)).containsExactlyInAnyOrder(tables.split(" ", -1));
    assertThat(sql.mayChange("select 1 from users")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "insert into users values (1) | users",
        "insert into users select * from orders | users",
        "update users set a = 1 from orders | users",
        "update only users set a = 1 | users",
        "delete from users using orders | users",
        "merge into users u using orders o on u.id = o.u when matched then delete | users",
        "truncate users | users",
        "truncate table users, only orders restart identity | users orders",
        "update users set a = 1; update orders set b = 2 | users orders",
        "set statement_timeout = '5s'; delete from users | users",
        "with users as (delete from users returning *) select * from users | users",
        "with gone as (delete from users returning *) select * from gone | users",
      })
  void writesTheTablesItNames(String text, String tables) {
    SqlEffect effect = sql.of(text);
    assertThat(effect.doubt()).isNull();
    assertThat(sql.mayChange(text)).isTrue();
    assertThat(effect.written(TABLES::contains)).containsExactlyInAnyOrder(tables.split(" ", -1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select id, total_orders(id) as total from users",
        "select create_order(?, ?) as id",
        "select * from evil(1) as t",
        "select coalesce(phone, '--'), total_orders(id) from users",
        "select 1 from users where a like '%/*%' and evil(x) = '*/'",
        "select E'it\\'s', evil(), 'x'",
        "select /* a /* b */ ' */ evil(1)",
        "select $a$ ' $a$, evil(1), 'x'",
        "call do_it()",
        "{call do_it(?)}",
        "begin; do_it(); end;",
        "select * into copied from users",
        "select row_number() over (order by (select o from orders)) from users",
        "truncate users cascade",
        "vacuum users",
        "this is no sql"
      })
  void sayNotEverything(String text) {
    assertThat(sql.of(text).doubt()).isNotNull();
    assertThat(sql.mayChange(text) || text.contains("into") || text.contains("over")).isTrue();
  }

  @Test
  void aColumnNamedLikeAChangeIsNone() {
    assertThat(sql.of("select \"delete\", trunc(x, 2) from users").writes()).isFalse();
  }

  @Test
  void aFunctionInACommonTableExpressionIsSeen() {
    assertThat(sql.of("with t as (select evil(1) as x) select * from t").doubt()).isNotNull();
    assertThat(sql.of("with t(a, b) as (select 1, 2) select * from t").doubt()).isNull();
  }

  @Test
  void takesAnyLength() {
    String literal = "'" + "x".repeat(1_000_000) + "'";
    assertThat(sql.mayChange("insert into users values (" + literal + ")")).isTrue();
    assertThat(sql.of("insert into users values (" + literal + ")").doubt()).isNotNull();
    assertThat(sql.of("select " + "(".repeat(5_000) + "1").doubt()).isNotNull();
  }

  @Test
  void whatIsNotParsedInTimeIsTriedAgainAMinuteLater() {
    CountDownLatch busy = new CountDownLatch(1);
    AtomicLong nanos = new AtomicLong();
    ExecutorService parsers = Executors.newSingleThreadExecutor();
    try {
      var unused =
          parsers.submit(
              () -> {
                busy.await();
                return true;
              });
      SqlEffects slow = new SqlEffects(parsers, Duration.ofSeconds(2), nanos::get);
      assertThat(slow.of("select * from users").doubt()).isEqualTo("took too long to be parsed");
      busy.countDown();
      assertThat(slow.of("select * from users").doubt()).isNotNull();
      nanos.addAndGet(Duration.ofSeconds(61).toNanos());
      assertThat(slow.of("select * from users").doubt()).isNull();
    } finally {
      busy.countDown();
      parsers.shutdownNow();
    }
  }

  @Test
  void showsNoValues() {
    assertThat(SqlText.shortened("select * from users where mail = 'a@b.c' and id = 42"))
        .isEqualTo("select * from users where mail = ? and id = ?");
    assertThat(SqlText.shortened("/* it's */ select 'secret'")).isEqualTo("select ?");
  }
}
