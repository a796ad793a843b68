package larder.cache.transaction;

import java.sql.Connection;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** The end of a transaction on a connection that Spring has bound to the thread. */
public final class JdbcTransactionEnd implements TransactionEnd {

  private final DataSource database;

  /**
   * @param database where the connection is from
   */
  public JdbcTransactionEnd(DataSource database) {
    this.database = database;
  }

  @Override
  public void beforeCommit(Consumer<Connection> last) {
    if (TransactionSynchronizationManager.getResource(database)
        instanceof ConnectionHolder holder) {
      last.accept(holder.getConnection());
    }
  }
}
