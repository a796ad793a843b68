package larder.cache.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.SavepointManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.SmartTransactionObject;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

class AfterCommitTests {

  /** Transactions of nothing but their synchronizations and savepoints. */
  private static final class NoDatabase extends AbstractPlatformTransactionManager {

    private static final long serialVersionUID = 1L;
    private transient @Nullable Transaction open;
    private boolean answerOfCommitIsLost;

    NoDatabase() {
      setNestedTransactionAllowed(true);
    }

    private static final class Transaction implements SavepointManager, SmartTransactionObject {
      @Override
      public Object createSavepoint() {
        return new Object();
      }

      @Override
      public void rollbackToSavepoint(Object savepoint) {}

      @Override
      public void releaseSavepoint(Object savepoint) {}

      @Override
      public boolean isRollbackOnly() {
        return false;
      }

      @Override
      public void flush() {}
    }

    @Override
    protected Object doGetTransaction() {
      return open == null ? new Transaction() : open;
    }

    @Override
    protected boolean isExistingTransaction(Object transaction) {
      return transaction == open;
    }

    @Override
    protected void doBegin(Object transaction, TransactionDefinition definition) {
      open = (Transaction) transaction;
    }

    @Override
    protected Object doSuspend(Object transaction) {
      open = null;
      return transaction;
    }

    @Override
    protected void doResume(@Nullable Object transaction, Object suspended) {
      open = (Transaction) suspended;
    }

    @Override
    protected void doCommit(DefaultTransactionStatus status) {
      if (answerOfCommitIsLost) {
        throw new TransactionSystemException("the answer is lost");
      }
    }

    @Override
    protected void doRollback(DefaultTransactionStatus status) {}

    @Override
    protected void doSetRollbackOnly(DefaultTransactionStatus status) {}

    @Override
    protected void doCleanupAfterCompletion(Object transaction) {
      open = null;
    }
  }

  private final NoDatabase database = new NoDatabase();
  private final List<String> written = new ArrayList<>();

  private void write(String key) {
    AfterCommit.run("c", key, () -> written.add(key), () -> written.add(key + " in doubt"));
  }

  private void fill(String key) {
    AfterCommit.fill(() -> written.add(key));
  }

  private TransactionTemplate transaction(int propagation) {
    TransactionTemplate template = new TransactionTemplate(database);
    template.setPropagationBehavior(propagation);
    return template;
  }

  private void inTransaction(Runnable action) {
    transaction(TransactionDefinition.PROPAGATION_REQUIRED)
        .executeWithoutResult(status -> action.run());
  }

  @Test
  void happensAtOnceWithoutATransaction() {
    write("a");
    fill("b");

    assertThat(written).containsExactly("a", "b");
    assertThat(AfterCommit.touches("c", "a")).isFalse();
    assertThat(AfterCommit.isPending()).isFalse();
  }

  @Test
  void happensAtOnceInASupportedScopeWithoutATransaction() {
    transaction(TransactionDefinition.PROPAGATION_SUPPORTS)
        .executeWithoutResult(
            status -> {
              write("a");
              assertThat(written).containsExactly("a");
            });
  }

  @Test
  void happensAfterTheCommitInItsOrder() {
    inTransaction(
        () -> {
          write("a");
          fill("b");
          write("c");
          assertThat(written).isEmpty();
        });
    assertThat(written).containsExactly("a", "b", "c");
  }

  @Test
  void neverHappensAfterARollback() {
    transaction(TransactionDefinition.PROPAGATION_REQUIRED)
        .executeWithoutResult(
            status -> {
              write("a");
              fill("b");
              status.setRollbackOnly();
            });
    assertThat(written).isEmpty();
  }

  @Test
  void tellsWhatTheTransactionWillTouch() {
    inTransaction(
        () -> {
          write("a");
          assertThat(AfterCommit.touches("c", "a")).isTrue();
          assertThat(AfterCommit.touches("c", "b")).isFalse();
          assertThat(AfterCommit.touches("d", "a")).isFalse();
          AfterCommit.run("d", null, () -> written.add("all"), () -> {});
          assertThat(AfterCommit.touches("d", "anything")).isTrue();
        });
    assertThat(AfterCommit.touches("c", "a")).isFalse();
    assertThat(written).containsExactly("a", "all");
  }

  @Test
  void aFillOfAReadOnlyTransactionHappensAtOnce() {
    TransactionTemplate reading = transaction(TransactionDefinition.PROPAGATION_REQUIRED);
    reading.setReadOnly(true);
    reading.executeWithoutResult(
        status -> {
          fill("a");
          assertThat(written).containsExactly("a");
        });
  }

  @Test
  void anInnerTransactionOfItsOwnIsOnItsOwn() {
    inTransaction(
        () -> {
          write("outer");
          transaction(TransactionDefinition.PROPAGATION_REQUIRES_NEW)
              .executeWithoutResult(
                  status -> {
                    assertThat(AfterCommit.touches("c", "outer")).isFalse();
                    write("inner");
                  });
          assertThat(written).containsExactly("inner");
          assertThat(AfterCommit.touches("c", "outer")).isTrue();
          assertThat(AfterCommit.touches("c", "inner")).isFalse();
          transaction(TransactionDefinition.PROPAGATION_REQUIRES_NEW)
              .executeWithoutResult(
                  status -> {
                    write("lost");
                    status.setRollbackOnly();
                  });
        });
    assertThat(written).containsExactly("inner", "outer");
  }

  @Test
  void aWriteThatThrowsKeepsNoOtherFromHappening() {
    inTransaction(
        () -> {
          AfterCommit.run(
              "c",
              "a",
              () -> {
                throw new IllegalStateException("a write that throws");
              },
              () -> {});
          write("b");
        });
    assertThat(written).containsExactly("b");
  }

  /** Listeners of a commit, such as an event's, still run inside of the transaction's scope. */
  @Test
  void aWriteOfAListenerOfTheCommitHappens() {
    inTransaction(
        () ->
            TransactionSynchronizationManager.registerSynchronization(
                new TransactionSynchronization() {
                  @Override
                  public void afterCommit() {
                    write("by a listener");
                    fill("filled by a listener");
                  }
                }));
    assertThat(written).containsExactly("by a listener", "filled by a listener");
  }

  @Test
  void aWriteOfAListenerOfTheCompletionHappens() {
    inTransaction(
        () ->
            TransactionSynchronizationManager.registerSynchronization(
                new TransactionSynchronization() {
                  @Override
                  public void afterCompletion(int status) {
                    write("by a listener");
                  }
                }));
    assertThat(written).containsExactly("by a listener");
  }

  @Test
  void aListenerThatThrowsKeepsNoWriteFromHappening() {
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(
            () ->
                inTransaction(
                    () -> {
                      TransactionSynchronizationManager.registerSynchronization(
                          new TransactionSynchronization() {
                            @Override
                            public int getOrder() {
                              return HIGHEST_PRECEDENCE;
                            }

                            private static final int HIGHEST_PRECEDENCE = Integer.MIN_VALUE;

                            @Override
                            public void afterCommit() {
                              throw new IllegalStateException("a listener that throws");
                            }
                          });
                      write("a");
                    }));
    assertThat(written).containsExactly("a");
  }

  @Test
  void aWriteThatASavepointUndoesNeverHappens() {
    inTransaction(
        () -> {
          write("before");
          transaction(TransactionDefinition.PROPAGATION_NESTED)
              .executeWithoutResult(
                  status -> {
                    write("undone");
                    fill("read what was undone");
                    status.setRollbackOnly();
                  });
          transaction(TransactionDefinition.PROPAGATION_NESTED)
              .executeWithoutResult(status -> write("nested"));
          write("after");
        });
    assertThat(written).containsExactly("before", "nested", "after");
  }

  /** When the answer to the commit is lost, the rows may have changed. */
  @Test
  void nobodyKnowsWhatHoldsWhenTheAnswerToACommitIsLost() {
    database.answerOfCommitIsLost = true;
    assertThatExceptionOfType(TransactionSystemException.class)
        .isThrownBy(
            () ->
                inTransaction(
                    () -> {
                      write("a");
                      fill("b");
                    }));
    assertThat(written).containsExactly("a in doubt");
  }
}
