package larder.cache.hibernate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import larder.cache.tracking.Writes;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Writes within a transaction that only Hibernate knows of: told at once, and once more after the
 * transaction has ended.
 */
final class SessionWrites implements Writes {

  private final Writes writes;
  private final List<Consumer<Writes>> told = new ArrayList<>();

  private SessionWrites(Writes writes) {
    this.writes = writes;
  }

  static Writes of(SharedSessionContractImplementor session, Writes writes) {
    if (TransactionSynchronizationManager.isSynchronizationActive()
        || !session.isTransactionInProgress()) {
      return writes;
    }
    SessionWrites own = new SessionWrites(writes);
    session
        .getTransactionCompletionCallbacks()
        .registerCallback((successful, ended) -> own.told.forEach(one -> one.accept(writes)));
    return own;
  }

  private void tell(Consumer<Writes> one) {
    told.add(one);
    one.accept(writes);
  }

  @Override
  public void row(String table, String id) {
    tell(to -> to.row(table, id));
  }

  @Override
  public void table(String table) {
    tell(to -> to.table(table));
  }

  @Override
  public void unknown(String what) {
    tell(to -> to.unknown(what));
  }

  @Override
  public Writes committed() {
    return writes.committed();
  }
}
