package larder.cache.transaction;

import java.sql.Connection;
import java.util.function.Consumer;

/** The end of this thread's transaction, as seen by who has a last statement to run in it. */
@FunctionalInterface
public interface TransactionEnd {

  /** Where the connections of transactions are not known. */
  TransactionEnd UNKNOWN = last -> {};

  /**
   * Has something run on the transaction's own connection when all else is written and nothing is
   * committed. To be called when the commit has begun; the work is done at once or a little later,
   * and never if the connection is not known.
   */
  void beforeCommit(Consumer<Connection> last);
}
