package larder.cache.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import larder.cache.log.LogRecord.Invalidation;
import larder.cache.log.MemoryLog;
import larder.cache.log.Position;
import larder.cache.log.Source;
import larder.cache.log.Tags;
import larder.cache.log.node.FollowerListener;
import larder.cache.log.node.FollowerSettings;
import larder.cache.log.node.LogFollower;
import larder.cache.log.service.LogService;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

class OddTransactionsTests {

  private static final Tags TAG = Tags.of("k:users:42");

  private final MemoryLog log = new MemoryLog(1, System::currentTimeMillis, () -> 0, 1_000);
  private final LogFollower follower =
      new LogFollower(
          new FollowerSettings(Duration.ofSeconds(2), 1 << 10, Source.LOG),
          System::nanoTime,
          FollowerListener.NO_OP);
  private final LogService service = new LogService(log, follower, Duration.ofSeconds(2));
  private final CacheTransactions transactions =
      new CacheTransactions(service, follower, PersistenceContexts.NONE, () -> {});
  private final Manager manager = new Manager(transactions);
  private final TransactionTemplate outer = new TransactionTemplate(manager);
  private final TransactionTemplate other = new TransactionTemplate(new Manager(transactions));

  @AfterEach
  void nothingIsLeftOnTheThread() {
    assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
  }

  @Test
  void publishesAfterTheCommitAndNothingAfterARollback() {
    outer.executeWithoutResult(
        status -> {
          evict();
          assertThat(published()).isEmpty();
        });
    assertThat(published()).hasSize(1);
    outer.executeWithoutResult(
        status -> {
          evict();
          status.setRollbackOnly();
        });
    assertThat(published()).hasSize(1);
  }

  @Test
  void publishesWhatAnotherCallbackChangesAfterTheCommit() {
    outer.executeWithoutResult(
        status ->
            TransactionSynchronizationManager.registerSynchronization(
                new TransactionSynchronization() {
                  @Override
                  public void afterCommit() {
                    evict();
                  }
                }));
    assertThat(published()).hasSize(1);
  }

  @Test
  void publishesForAnInnerTransactionThatCommittedThoughTheOuterRollsBack() {
    TransactionTemplate inner = requiringNew();
    outer.executeWithoutResult(
        status -> {
          inner.executeWithoutResult(committed -> {});
          evict();
          assertThat(published()).hasSize(1);
          status.setRollbackOnly();
        });
    assertThat(published()).isNotEmpty();
  }

  @Test
  void bearsATransactionOfAnotherManagerInside() {
    outer.executeWithoutResult(
        status -> {
          other.executeWithoutResult(inside -> evict());
          status.setRollbackOnly();
        });
    assertThat(published()).isNotEmpty();
  }

  @Test
  void sharesNothingFromATransactionThatMayWriteInsideOfOneThatOnlyReads() {
    outer.setReadOnly(true);
    outer.executeWithoutResult(
        status -> {
          assertThat(transactions.shareableOrigin()).isNotNull();
          other.executeWithoutResult(inside -> assertThat(transactions.shareableOrigin()).isNull());
        });
  }

  @Test
  void publishesAfterACommitWhoseAnswerWasLost() {
    manager.failure = new DataAccessResourceFailureException("The connection was lost");
    assertThatThrownBy(() -> outer.executeWithoutResult(status -> evict()))
        .isInstanceOf(DataAccessResourceFailureException.class);
    assertThat(published()).singleElement().extracting(Invalidation::transaction).isNull();
  }

  @Test
  void publishesThoughAnEntryCannotBeRemoved() {
    transactions.change(
        new Change(
            TAG,
            null,
            () -> {
              throw new IllegalStateException("The client is shut down");
            }));
    assertThat(published()).hasSize(1);
  }

  @Test
  void publishesVeryManyChangesInOneRecord() {
    outer.executeWithoutResult(
        status ->
            IntStream.range(0, 100_000)
                .forEach(i -> transactions.change(evictOf(Tags.of("k:users:" + i)))));
    assertThat(published()).singleElement().extracting(r -> r.tags().size()).isEqualTo(100_000);
  }

  private void evict() {
    transactions.change(evictOf(TAG));
  }

  private static Change evictOf(Tags tags) {
    return new Change(tags, null, () -> {});
  }

  private List<Invalidation> published() {
    return log.poll(Position.NOWHERE, 1_000).entries().stream()
        .map(entry -> entry.record())
        .filter(Invalidation.class::isInstance)
        .map(Invalidation.class::cast)
        .toList();
  }

  private TransactionTemplate requiringNew() {
    TransactionTemplate inner = new TransactionTemplate(manager);
    inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    return inner;
  }

  /** Transactions without a database. */
  private static final class Manager extends AbstractPlatformTransactionManager {

    private static final long serialVersionUID = 1L;

    private final transient List<Object> open = new ArrayList<>();
    private @Nullable RuntimeException failure;

    Manager(CacheTransactions caches) {
      addListener(
          new TransactionExecutionListener() {
            @Override
            public void beforeBegin(TransactionExecution transaction) {
              caches.beforeBegin();
            }

            @Override
            public void afterBegin(TransactionExecution transaction, @Nullable Throwable failed) {
              caches.afterBegin(failed == null);
            }
          });
    }

    @Override
    protected Object doGetTransaction() {
      return open.isEmpty() ? new Object() : open.get(open.size() - 1);
    }

    @Override
    protected boolean isExistingTransaction(Object transaction) {
      return open.contains(transaction);
    }

    @Override
    protected Object doSuspend(Object transaction) {
      open.remove(transaction);
      return transaction;
    }

    @Override
    protected void doResume(@Nullable Object transaction, Object suspended) {
      open.add(suspended);
    }

    @Override
    protected void doBegin(Object transaction, TransactionDefinition definition) {
      open.add(transaction);
    }

    @Override
    protected void doCommit(DefaultTransactionStatus status) {
      if (failure != null) {
        throw failure;
      }
    }

    @Override
    protected void doRollback(DefaultTransactionStatus status) {}

    @Override
    protected void doSetRollbackOnly(DefaultTransactionStatus status) {}

    @Override
    protected void doCleanupAfterCompletion(Object transaction) {
      open.remove(transaction);
    }
  }
}
