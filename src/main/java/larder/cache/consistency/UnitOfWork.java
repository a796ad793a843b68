package larder.cache.consistency;

import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;

/** What the load of a sample runs in. */
@FunctionalInterface
public interface UnitOfWork {

  /** Nothing: the method begins what it needs itself. */
  UnitOfWork NONE = Work::run;

  /** What is run. */
  @FunctionalInterface
  interface Work {

    /** Runs it. */
    @Nullable Object run() throws Throwable;
  }

  /** Runs some work and returns what that returns. */
  @Nullable Object run(Work work) throws Throwable;

  /**
   * A new transaction that may only read and is rolled back, so that a method which writes leaves
   * nothing.
   */
  static UnitOfWork readOnly(PlatformTransactionManager transactions) {
    DefaultTransactionDefinition definition =
        new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    definition.setReadOnly(true);
    definition.setName("larder-consistency");
    return work -> {
      TransactionStatus status = transactions.getTransaction(definition);
      try {
        return work.run();
      } finally {
        transactions.rollback(status);
      }
    };
  }
}
