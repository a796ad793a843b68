package larder.cache.autoconfigure;

import static org.springframework.transaction.support.AbstractPlatformTransactionManager.SYNCHRONIZATION_NEVER;

import java.util.function.Supplier;
import larder.cache.transaction.CacheTransactions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;

/** Has every transaction manager tell the caches when its transactions begin. */
final class ObservedTransactions implements BeanPostProcessor {

  private static final Logger log = LoggerFactory.getLogger(ObservedTransactions.class);

  private final Supplier<CacheTransactions> caches;

  ObservedTransactions(Supplier<CacheTransactions> caches) {
    this.caches = caches;
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String name) {
    if (bean instanceof ConfigurableTransactionManager manager) {
      manager.addListener(new Listener(caches));
    }
    if (bean instanceof AbstractPlatformTransactionManager manager
        && manager.getTransactionSynchronization() == SYNCHRONIZATION_NEVER) {
      log.warn(
          "Transaction manager '{}' has SYNCHRONIZATION_NEVER: caches cannot see its transactions,"
              + " publish changes before their commit and share what is read inside of them; use"
              + " SYNCHRONIZATION_ALWAYS, the default",
          name);
    }
    return bean;
  }

  /** No bean, since Boot would add it once more. */
  private record Listener(Supplier<CacheTransactions> caches)
      implements TransactionExecutionListener {

    @Override
    public void beforeBegin(TransactionExecution transaction) {
      caches.get().beforeBegin();
    }

    @Override
    public void afterBegin(TransactionExecution transaction, @Nullable Throwable failure) {
      caches.get().afterBegin(failure == null);
    }
  }
}
