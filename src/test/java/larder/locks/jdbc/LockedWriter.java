package larder.locks.jdbc;

import java.time.Duration;
import javax.sql.DataSource;
import larder.dev.servers.Database;
import larder.locks.FenceEpochs.Epoch;
import larder.locks.Held;
import larder.locks.LockClient;
import larder.locks.LockRequest;
import larder.locks.StaleFencingToken;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A process that takes a lock, waits for a line, and writes.
 *
 * <p>Arguments: the port of Redis; the URL, user and password of the database.
 */
final class LockedWriter {

  static final String TAKEN = "TAKEN ";
  static final String REFUSED = "REFUSED";
  static final Duration LEASE = Duration.ofSeconds(2);

  private LockedWriter() {}

  public static void main(String[] arguments) throws Exception {
    DataSource source =
        FencedWritesIntegrationTests.source(new Database(arguments[1], arguments[2], arguments[3]));
    LockClient client =
        new LockClient(
            Integer.parseInt(arguments[0]),
            new JdbcEpochs(source, () -> new Epoch(1, false)),
            "paused");
    Held held =
        client.locks().acquire(new LockRequest("job", "", Duration.ofSeconds(20), LEASE, true));
    System.out.println(TAKEN + held.token().number());
    System.in.read();
    write(source, held);
    Runtime.getRuntime().halt(0);
  }

  private static void write(DataSource source, Held held) {
    FencedWrites fences = new FencedWrites(source);
    try {
      new TransactionTemplate(new DataSourceTransactionManager(source))
          .executeWithoutResult(
              status -> {
                fences.check(held.token());
                new JdbcTemplate(source).update("insert into notes values ('too late')");
              });
      System.out.println("WRITTEN");
    } catch (StaleFencingToken stale) {
      System.out.println(REFUSED);
    }
  }
}
