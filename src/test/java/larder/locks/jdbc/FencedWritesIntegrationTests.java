package larder.locks.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import larder.dev.servers.ChildJvm;
import larder.dev.servers.Database;
import larder.dev.servers.RedisServer;
import larder.dev.servers.TestServers;
import larder.locks.FenceEpochs;
import larder.locks.FenceEpochs.Epoch;
import larder.locks.FencingToken;
import larder.locks.Held;
import larder.locks.LockClient;
import larder.locks.LockRequest;
import larder.locks.StaleFencingToken;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/** Owners that write too late are refused, and numbers begin higher each time. */
class FencedWritesIntegrationTests {

  private final Database database = TestServers.freshDatabase();
  private final DataSource source = source(database);
  private final TransactionTemplate transaction =
      new TransactionTemplate(new DataSourceTransactionManager(source));
  private final FencedWrites fences = new FencedWrites(source);
  private final JdbcTemplate sql = new JdbcTemplate(source);

  static DataSource source(Database database) {
    return new DriverManagerDataSource(database.url(), database.user(), database.password());
  }

  @BeforeEach
  void migrate() {
    Flyway.configure()
        .dataSource(source)
        .locations("classpath:larder/postgresql")
        .validateMigrationNaming(true)
        .load()
        .migrate();
    sql.execute("create table notes (text text)");
  }

  private void write(FencingToken token) {
    transaction.executeWithoutResult(
        status -> {
          fences.check(token);
          sql.update("insert into notes values (?)", "" + token.number());
        });
  }

  private static FencingToken token(long number) {
    return new FencingToken("job", number);
  }

  private List<String> notes() {
    return sql.queryForList("select text from notes order by text", String.class);
  }

  @Test
  void anEarlierOwnerIsRefused() {
    write(token(5));
    write(token(5));
    write(token(7));
    assertThatThrownBy(() -> write(token(6)))
        .isInstanceOf(StaleFencingToken.class)
        .hasMessageContaining("Lock 'job': a later owner than number 6 has written");
    write(new FencingToken("other", 1));
    assertThat(notes()).containsExactly("1", "5", "5", "7");
  }

  @Test
  void whatWasRolledBackRefusesNobody() {
    transaction.executeWithoutResult(
        status -> {
          fences.check(token(9));
          status.setRollbackOnly();
        });
    write(token(8));
    assertThat(notes()).containsExactly("8");
  }

  /** The earlier owner is in the middle of its transaction: it ends before the later one writes. */
  @Test
  void aLaterOwnerWaitsForAnEarlierOnesTransaction() throws Exception {
    CountDownLatch checked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CompletableFuture<Void> earlier =
        CompletableFuture.runAsync(
            () ->
                transaction.executeWithoutResult(
                    status -> {
                      fences.check(token(1));
                      checked.countDown();
                      pass(goOn);
                      sql.update("insert into notes values ('1')");
                    }));
    checked.await();
    CompletableFuture<Void> later = CompletableFuture.runAsync(() -> write(token(2)));
    await()
        .until(
            () ->
                Long.valueOf(1)
                    .equals(
                        sql.queryForObject(
                            "select count(*) from pg_stat_activity where datname = current_database()"
                                + " and wait_event_type = 'Lock'",
                            Long.class)));
    assertThat(later).isNotDone();
    goOn.countDown();
    earlier.join();
    later.join();
    assertThat(notes()).containsExactly("1", "2");
    assertThatThrownBy(() -> write(token(1))).isInstanceOf(StaleFencingToken.class);
  }

  private static void pass(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void withoutATransactionNothingIsChecked() {
    assertThatThrownBy(() -> fences.check(token(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("needs a transaction");
  }

  @Test
  void whatIsOldIsForgottenButNotWhereNumbersBegin() {
    FenceEpochs epochs = new JdbcEpochs(source, () -> new Epoch(1, false));
    long began = epochs.next().number();
    write(token(1));
    sql.update("update larder_fences set at = at - interval '2 days'");
    write(new FencingToken("other", 1));
    assertThat(fences.forget(Duration.ofDays(1))).isOne();
    assertThat(sql.queryForList("select name from larder_fences order by name", String.class))
        .containsExactly("", "other");
    assertThat(epochs.next().number()).isGreaterThan(began);
  }

  @Test
  void epochsRiseAndTheFirstIsKnown() {
    FenceEpochs epochs = new JdbcEpochs(source, () -> new Epoch(1, false));
    Epoch first = epochs.next();
    assertThat(first.first()).isTrue();
    sql.update("update larder_fences set token = token + 1000 where name = ''");
    Epoch second = epochs.next();
    assertThat(second.first()).isFalse();
    assertThat(second.number()).isEqualTo(first.number() + 1001);
  }

  @Test
  void withoutTheTableTheClockTells() {
    sql.execute("drop table larder_fences");
    assertThat(new JdbcEpochs(source, () -> new Epoch(42, false)).next().number()).isEqualTo(42);
  }

  /** A process that holds the lock is stopped, and goes on when another has long had it. */
  @Test
  void aProcessThatWasPausedPastItsLeaseCannotWrite() throws Exception {
    try (RedisServer redis = TestServers.separateRedis();
        LockClient next =
            new LockClient(
                redis.port(), new JdbcEpochs(source, () -> new Epoch(1, false)), "next")) {
      Process paused = start(redis.port());
      try (BufferedReader out = paused.inputReader();
          BufferedWriter in = paused.outputWriter()) {
        long earlier = Long.parseLong(told(out, LockedWriter.TAKEN));
        signal(paused, "STOP");
        Held held =
            next.locks()
                .acquire(
                    new LockRequest("job", "", Duration.ofSeconds(60), LockedWriter.LEASE, true));
        assertThat(held.token().number()).isGreaterThan(earlier);
        write(held.token());
        signal(paused, "CONT");
        in.write("go\n");
        in.flush();
        told(out, LockedWriter.REFUSED);
        held.close();
      } finally {
        paused.destroyForcibly().waitFor();
      }
    }
    assertThat(notes()).hasSize(1);
  }

  private Process start(int redisPort) throws IOException {
    List<String> command = ChildJvm.command(LockedWriter.class);
    command.addAll(List.of("" + redisPort, database.url(), database.user(), database.password()));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static String told(BufferedReader out, String word) throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(word)) {
        return line.substring(word.length());
      }
    }
    throw new IllegalStateException("The process ended before it said " + word);
  }

  private static void signal(Process process, String name) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor())
        .isZero();
  }
}
