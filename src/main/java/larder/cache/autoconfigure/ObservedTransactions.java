package larder.cache.autoconfigure;

import java.util.function.Supplier;
import larder.cache.transaction.CacheTransactions;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;

/** Has every transaction manager tell the caches when its transactions begin. */
final class ObservedTransactions implements BeanPostProcessor {

  private final Supplier<CacheTransactions> caches;

  ObservedTransactions(Supplier<CacheTransactions> caches) {
    this.caches = caches;
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String name) {
    if (bean instanceof ConfigurableTransactionManager manager) {
      manager.addListener(new Listener(caches));
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
