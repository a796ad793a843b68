package larder.cache.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

/** Transactions of nothing but their synchronizations. */
final class NoDatabase extends AbstractPlatformTransactionManager {

  private static final long serialVersionUID = 1L;

  private final transient ThreadLocal<Boolean> active = ThreadLocal.withInitial(() -> false);

  @Override
  protected Object doGetTransaction() {
    return new Object();
  }

  @Override
  protected boolean isExistingTransaction(Object transaction) {
    return active.get();
  }

  @Override
  protected void doBegin(Object transaction, TransactionDefinition definition) {
    active.set(true);
  }

  @Override
  protected Object doSuspend(Object transaction) {
    active.set(false);
    return transaction;
  }

  @Override
  protected void doResume(@Nullable Object transaction, Object suspended) {
    active.set(true);
  }

  @Override
  protected void doSetRollbackOnly(DefaultTransactionStatus status) {}

  @Override
  protected void doCleanupAfterCompletion(Object transaction) {
    active.remove();
  }

  @Override
  protected void doCommit(DefaultTransactionStatus status) {}

  @Override
  protected void doRollback(DefaultTransactionStatus status) {}
}
