package larder.cache.transaction;

import java.sql.Connection;
import larder.cache.log.Tags;
import larder.cache.log.TransactionId;
import org.jspecify.annotations.Nullable;

/**
 * The place where a transaction leaves its changes, so that they are told even if this node dies
 * between the commit and its own record.
 */
public interface Outbox {

  /** Whether triggers leave the changes of a table here, as far as is known. */
  boolean isWatched(String table);

  /**
   * Leaves {@code pending} in the outbox, and returns what else is known to be there. To be called
   * inside of the transaction, on its own connection, after all it has to write. Never throws, and
   * leaves the transaction as it found it if it fails.
   *
   * @param pending what only the layer knows, such as evicts; may be empty
   * @return null if the transaction has written nothing, or if this failed
   */
  @Nullable Written write(Connection connection, Tags pending);

  /**
   * What stands in the outbox for a transaction.
   *
   * @param transaction the identity under which the relay will tell of it; for records that are
   *     appended once the commit is known
   * @param tags what triggers have told; without {@code pending}
   */
  record Written(TransactionId transaction, Tags tags) {}
}
