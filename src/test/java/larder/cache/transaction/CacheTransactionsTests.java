package larder.cache.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import larder.cache.log.LogRecord.Invalidation;
import larder.cache.log.Position;
import larder.cache.log.Tags;
import larder.cache.log.TransactionId;
import larder.cache.log.node.Origin;
import larder.cache.log.node.Stamp;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Changes and origins in Spring's own transactions. */
class CacheTransactionsTests {

  /** The identity under which the database's relay tells of a transaction. */
  private static final TransactionId IN_OUTBOX = new TransactionId("p:db:1", 9);

  private final AtomicInteger unseen = new AtomicInteger();
  private final MemoryNode node =
      new MemoryNode(Duration.ofSeconds(60), PersistenceContexts.NONE, unseen::incrementAndGet);
  private final CacheTransactions transactions = node.transactions;
  private final List<String> removed = new ArrayList<>();
  private final List<Stamp> stored = new ArrayList<>();
  private final NoDatabase manager = new NoDatabase();

  CacheTransactionsTests() {
    manager.addListener(
        new TransactionExecutionListener() {
          @Override
          public void beforeBegin(TransactionExecution transaction) {
            transactions.beforeBegin();
          }

          @Override
          public void afterBegin(TransactionExecution transaction, @Nullable Throwable failure) {
            transactions.afterBegin(failure == null && transaction.isNewTransaction());
          }
        });
  }

  @AfterEach
  void leavesNothingOnTheThread() {
    assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
    assertThat(TransactionSynchronizationManager.isSynchronizationActive()).isFalse();
  }

  @Test
  void aChangeWithoutATransactionIsPublishedAtOnce() {
    transactions.change(evict("k:a:1"));

    assertThat(named()).containsExactly(Tags.of("k:a:1"));
    assertThat(removed).containsExactly("k:a:1");
  }

  @Test
  void changesArePublishedTogetherAfterTheCommit() {
    transaction()
        .executeWithoutResult(
            status -> {
              transactions.change(evict("k:a:1"));
              transactions.change(evict("c:b"));
              assertThat(named()).isEmpty();
              assertThat(removed).isEmpty();
              assertThat(manager.commits).isZero();
            });
    assertThat(named()).containsExactly(Tags.of("k:a:1", "c:b"));
    assertThat(node.appended().get(0).transaction()).isNotNull();
    assertThat(removed).containsExactly("k:a:1", "c:b");
  }

  @Test
  void theRecordIsKnownToTheNodeBeforeTheWriterGoesOn() {
    Position before = node.follower.position();
    transaction().executeWithoutResult(status -> transactions.change(evict("k:a:1")));

    assertThat(node.follower.position().n()).isEqualTo(before.n() + 1);
  }

  @Test
  void aTransactionWithoutChangesPublishesNothing() {
    transaction().executeWithoutResult(status -> {});

    assertThat(named()).isEmpty();
  }

  @Test
  void nothingIsPublishedAfterARollback() {
    transaction()
        .executeWithoutResult(
            status -> {
              transactions.change(put("k:a:1"));
              transactions.change(evict("k:a:2"));
              status.setRollbackOnly();
            });
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                transaction()
                    .executeWithoutResult(
                        status -> {
                          transactions.change(evict("k:a:3"));
                          throw new IllegalStateException("no");
                        }));
    assertThat(named()).isEmpty();
    assertThat(removed).isEmpty();
    assertThat(stored).isEmpty();
  }

  @Test
  void aPutIsKeptAsOfItsOwnRecord() {
    transaction().executeWithoutResult(status -> transactions.change(put("k:a:1")));

    assertThat(stored).singleElement().returns(node.follower.position(), Stamp::asOf);
    assertThat(removed).isEmpty();
  }

  /** Another node changed the same between the put's origin and its record. */
  @Test
  void aPutThatAnotherNodeOvertookIsAnEvict() {
    transaction()
        .executeWithoutResult(
            status -> {
              transactions.change(put("k:a:1"));
              node.appendElsewhere("k:a:1");
            });
    assertThat(stored).isEmpty();
    assertThat(named()).containsExactly(Tags.of("k:a:1"));
  }

  @Test
  void aPutIsAnEvictIfItsTransactionChangesMoreOfItAfterwards() {
    transaction()
        .executeWithoutResult(
            status -> {
              transactions.change(put("k:a:1", "c:a", "k:a:1"));
              transactions.change(put("k:a:2", "c:a", "k:a:2"));
              transactions.change(evict("k:a:1"));
            });
    assertThat(stored).singleElement().returns(Tags.of("c:a", "k:a:2"), Stamp::tags);
  }

  @Test
  void theLastOfTwoPutsOfAKeyIsKept() {
    transaction()
        .executeWithoutResult(
            status -> {
              transactions.change(put("k:a:1", "k:a:1", "first"));
              transactions.change(put("k:a:1", "k:a:1", "second"));
            });
    assertThat(stored).singleElement().returns(Tags.of("k:a:1", "second"), Stamp::tags);
  }

  /** The answer to the commit was lost: it may have happened, or may happen later. */
  @Test
  void aCommitOfUnknownOutcomePublishesEvictsWithoutAnIdentity() {
    manager.commitFails = true;
    assertThatThrownBy(
            () ->
                transaction()
                    .executeWithoutResult(
                        status -> {
                          transactions.change(put("k:a:1"));
                          transactions.change(evict("k:a:2"));
                        }))
        .isInstanceOf(TransactionSystemException.class);
    assertThat(named()).containsExactly(Tags.of("k:a:1", "k:a:2"));
    assertThat(node.appended().get(0).transaction()).isNull();
    assertThat(stored).isEmpty();
    assertThat(removed).containsExactly("k:a:1", "k:a:2");
  }

  @Test
  void aCommitIsToldUnderTheDatabasesOwnIdentityWithWhatTriggersHaveTold() {
    List<Tags> left = leaveInAnOutbox();
    transaction().executeWithoutResult(status -> transactions.change(evict("k:a:1")));

    assertThat(left).containsExactly(Tags.of("k:a:1"));
    assertThat(node.appended())
        .containsExactly(new Invalidation(Tags.of("k:a:1", "t:audit"), IN_OUTBOX));
  }

  /** The record names them all the same: it is there sooner than what the relay reads. */
  @Test
  void whatTriggersTellTheLayerNeedNotLeaveInTheOutbox() {
    List<Tags> left = leaveInAnOutbox();
    transaction()
        .executeWithoutResult(
            status -> {
              transactions.wroteRow("watched", "1", false);
              transactions.wroteRow("unwatched", "2", false);
              transactions.wroteTable("watched");
            });

    assertThat(left).containsExactly(Tags.of("t:unwatched", "t:unwatched:2"));
    assertThat(node.appended())
        .containsExactly(
            new Invalidation(
                Tags.of(
                    "t:watched",
                    "t:watched:1",
                    "a:watched",
                    "t:unwatched",
                    "t:unwatched:2",
                    "t:audit"),
                IN_OUTBOX));
  }

  /** The relay tells of it under that identity once it is visible; this record may be too early. */
  @Test
  void aCommitOfUnknownOutcomeDoesNotClaimTheDatabasesIdentity() {
    List<Tags> left = leaveInAnOutbox();
    manager.commitFails = true;
    assertThatThrownBy(
            () -> transaction().executeWithoutResult(status -> transactions.change(evict("k:a:1"))))
        .isInstanceOf(TransactionSystemException.class);
    assertThat(left).containsExactly(Tags.of("k:a:1"));
    assertThat(node.appended()).containsExactly(new Invalidation(Tags.of("k:a:1"), null));
  }

  @Test
  void aRollbackLeavesNothingInTheOutbox() {
    List<Tags> left = leaveInAnOutbox();
    transaction()
        .executeWithoutResult(
            status -> {
              transactions.change(evict("k:a:1"));
              status.setRollbackOnly();
            });
    assertThat(left).isEmpty();
    assertThat(named()).isEmpty();
  }

  /** Has an outbox take what transactions change, where a trigger has told of a table as well. */
  private List<Tags> leaveInAnOutbox() {
    List<Tags> left = new ArrayList<>();
    Connection connection =
        (Connection)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                  throw new UnsupportedOperationException(method.getName());
                });
    transactions.leaveIn(
        new Outbox() {
          @Override
          public boolean isWatched(String table) {
            return table.equals("watched");
          }

          @Override
          public Written write(Connection given, Tags pending) {
            left.add(pending);
            return new Written(IN_OUTBOX, Tags.of("t:audit"));
          }
        },
        last -> last.accept(connection));
    return left;
  }

  @Test
  void whoHasWrittenWhatNobodyCanNameReadsNoCacheAndKeepsNoPut() {
    transaction()
        .executeWithoutResult(
            status -> {
              transactions.change(put("k:a:1"));
              assertThat(transactions.touches(Tags.of("k:z:9"))).isFalse();
              transactions.wroteUnknown();
              assertThat(transactions.touches(Tags.of("k:z:9"))).isTrue();
            });
    assertThat(transactions.touches(Tags.of("k:z:9"))).isFalse();
    assertThat(stored).isEmpty();
    assertThat(named()).containsExactly(Tags.of("k:a:1"));
  }

  @Test
  void insideOfATransactionItsChangesAreTouched() {
    transaction()
        .executeWithoutResult(
            status -> {
              assertThat(transactions.touches(Tags.of("c:a", "k:a:1"))).isFalse();
              transactions.change(evict("k:a:1"));
              assertThat(transactions.touches(Tags.of("c:a", "k:a:1"))).isTrue();
              assertThat(transactions.touches(Tags.of("c:a", "k:a:2"))).isFalse();
              transactions.change(evict("c:a"));
              assertThat(transactions.touches(Tags.of("c:a", "k:a:2"))).isTrue();
            });
    assertThat(transactions.touches(Tags.of("c:a", "k:a:2"))).isFalse();
  }

  @Test
  void anInnerTransactionOfItsOwnPublishesItsOwn() {
    transaction()
        .executeWithoutResult(
            outer -> {
              transactions.change(evict("k:a:outer"));
              requiresNew()
                  .executeWithoutResult(
                      inner -> {
                        assertThat(transactions.touches(Tags.of("k:a:outer"))).isFalse();
                        transactions.change(evict("k:a:inner"));
                      });
              assertThat(named()).containsExactly(Tags.of("k:a:inner"));
              assertThat(transactions.touches(Tags.of("k:a:outer"))).isTrue();
              assertThat(transactions.touches(Tags.of("k:a:inner"))).isFalse();
              outer.setRollbackOnly();
            });
    assertThat(named()).containsExactly(Tags.of("k:a:inner"));
  }

  @Test
  void aTransactionThatTakesPartPublishesWithTheOuter() {
    transaction()
        .executeWithoutResult(
            outer -> {
              transactions.change(evict("k:a:outer"));
              transaction().executeWithoutResult(inner -> transactions.change(evict("k:a:inner")));
              assertThat(named()).isEmpty();
            });
    assertThat(named()).containsExactly(Tags.of("k:a:outer", "k:a:inner"));
  }

  @Test
  void outsideOfASuspendedTransactionAChangeIsPublishedAtOnce() {
    TransactionTemplate notSupported = transaction(TransactionDefinition.PROPAGATION_NOT_SUPPORTED);
    transaction()
        .executeWithoutResult(
            outer -> {
              transactions.change(evict("k:a:outer"));
              notSupported.executeWithoutResult(
                  none -> {
                    assertThat(transactions.touches(Tags.of("k:a:outer"))).isFalse();
                    assertThat(transactions.shareableOrigin()).isNotNull();
                    transactions.change(evict("k:a:inner"));
                  });
              assertThat(named()).containsExactly(Tags.of("k:a:inner"));
            });
    assertThat(named()).containsExactly(Tags.of("k:a:inner"), Tags.of("k:a:outer"));
  }

  /** What was put since the savepoint was never written; what was before it was. */
  @Test
  void aRollbackToASavepointTurnsLaterPutsIntoEvicts() {
    TransactionTemplate nested = transaction(TransactionDefinition.PROPAGATION_NESTED);
    transaction()
        .executeWithoutResult(
            outer -> {
              transactions.change(put("k:a:before"));
              nested.executeWithoutResult(
                  inner -> {
                    transactions.change(put("k:a:inside"));
                    inner.setRollbackOnly();
                  });
              transactions.change(put("k:a:after"));
            });
    assertThat(named()).containsExactly(Tags.of("k:a:before", "k:a:inside", "k:a:after"));
    assertThat(stored)
        .extracting(Stamp::tags)
        .containsExactlyInAnyOrder(Tags.of("k:a:before"), Tags.of("k:a:after"));
    assertThat(removed).containsExactly("k:a:inside");
  }

  /** A savepoint that was not rolled back keeps what was put since. */
  @Test
  void aReleasedSavepointKeepsPuts() {
    TransactionTemplate nested = transaction(TransactionDefinition.PROPAGATION_NESTED);
    transaction()
        .executeWithoutResult(
            outer -> nested.executeWithoutResult(inner -> transactions.change(put("k:a:inside"))));
    assertThat(stored).hasSize(1);
  }

  @Test
  void whatAWritingTransactionReadsIsNotShared() {
    transaction()
        .executeWithoutResult(status -> assertThat(transactions.shareableOrigin()).isNull());
    assertThat(transactions.shareableOrigin()).isNotNull();
  }

  @Test
  void whatAReadOnlyTransactionReadsIsAsOldAsItsBeginning() {
    TransactionTemplate readOnly = transaction();
    readOnly.setReadOnly(true);
    Position before = node.follower.position();
    readOnly.executeWithoutResult(
        status -> {
          node.service.append(Tags.of("k:a:1"));
          Origin origin = Objects.requireNonNull(transactions.shareableOrigin());
          assertThat(origin.position()).isEqualTo(before);
        });
    assertThat(node.follower.position()).isNotEqualTo(before);
  }

  @Test
  void aBeginningThatNobodySawIsNotShared() {
    TransactionTemplate unseen = new TransactionTemplate(new NoDatabase());
    unseen.setReadOnly(true);
    unseen.executeWithoutResult(
        status -> {
          assertThat(transactions.origin()).isNull();
          assertThat(transactions.shareableOrigin()).isNull();
          transactions.change(evict("k:a:1"));
          assertThat(transactions.origin()).as("nor after a change").isNull();
        });
    assertThat(named()).as("after the end").containsExactly(Tags.of("k:a:1"));
  }

  @Test
  void whatACommittedTransactionHasReadMayBeSeen() {
    transaction().executeWithoutResult(status -> {});

    assertThat(unseen).hasValue(0);
  }

  @Test
  void whatARolledBackTransactionHasReadWasNeverToBeSeen() {
    transaction().executeWithoutResult(status -> status.setRollbackOnly());
    assertThat(unseen).hasValue(1);
    requiresNew().executeWithoutResult(status -> status.setRollbackOnly());
    assertThat(unseen).hasValue(2);
  }

  @Test
  void whatATransactionOfUnknownEndHasReadMayNeverBeSeen() {
    manager.commitFails = true;
    assertThatThrownBy(() -> transaction().executeWithoutResult(status -> {}))
        .isInstanceOf(TransactionSystemException.class);
    assertThat(unseen).hasValue(1);
  }

  @Test
  void whatWasReadBehindASavepointThatIsRolledBackToWasNeverToBeSeen() {
    transaction()
        .executeWithoutResult(
            status ->
                transaction(TransactionDefinition.PROPAGATION_NESTED)
                    .executeWithoutResult(inner -> inner.setRollbackOnly()));
    assertThat(unseen).hasValue(1);
  }

  @Test
  void aReadOnlyTransactionHasNothingToTakeBack() {
    TransactionTemplate readOnly = transaction();
    readOnly.setReadOnly(true);
    readOnly.executeWithoutResult(status -> status.setRollbackOnly());

    assertThat(unseen).hasValue(0);
  }

  @Test
  void aTransactionThatDidNotBeginLeavesNoOrigin() {
    manager.beginFails = true;
    assertThatThrownBy(() -> transaction().executeWithoutResult(status -> {}))
        .isInstanceOf(TransactionSystemException.class);
    manager.beginFails = false;
    Position before = node.follower.position();
    node.service.append(Tags.of("k:a:1"));

    assertThat(Objects.requireNonNull(transactions.origin()).position()).isNotEqualTo(before);
  }

  @Test
  void anotherCallbackThatThrowsAfterTheCommitKeepsNothingBack() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                transaction()
                    .executeWithoutResult(
                        status -> {
                          register(
                              () -> {
                                throw new IllegalStateException("a callback that throws");
                              });
                          transactions.change(evict("k:a:1"));
                        }));
    assertThat(named()).containsExactly(Tags.of("k:a:1"));
  }

  /** Callbacks after the commit run while Spring's transaction still looks alive. */
  @Test
  void aChangeInAnotherCallbackAfterTheCommitIsPublishedToo() {
    transaction()
        .executeWithoutResult(
            status -> {
              register(() -> transactions.change(evict("k:a:after")));
              transactions.change(evict("k:a:1"));
            });
    assertThat(named()).containsExactly(Tags.of("k:a:1"), Tags.of("k:a:after"));
  }

  @Test
  void aChangeInAnotherCallbackAfterTheCommitOfNothingIsPublishedToo() {
    transaction()
        .executeWithoutResult(status -> register(() -> transactions.change(evict("k:a:after"))));
    assertThat(named()).containsExactly(Tags.of("k:a:after"));
  }

  @Test
  void aChangeAfterTheCompletionIsPublishedAtOnce() {
    transaction()
        .executeWithoutResult(
            status ->
                TransactionSynchronizationManager.registerSynchronization(
                    new TransactionSynchronization() {
                      @Override
                      public void afterCompletion(int outcome) {
                        transactions.change(evict("k:a:after"));
                      }
                    }));
    assertThat(named()).containsExactly(Tags.of("k:a:after"));
  }

  @Test
  void aRemovalAtOnceIsToldTwiceInATransaction() {
    transaction()
        .executeWithoutResult(
            status -> {
              transactions.changeNow(evict("k:a:1"));
              assertThat(named()).containsExactly(Tags.of("k:a:1"));
              assertThat(transactions.touches(Tags.of("k:a:1"))).isTrue();
            });
    assertThat(named()).containsExactly(Tags.of("k:a:1"), Tags.of("k:a:1"));
    assertThat(node.appended().get(0).transaction())
        .isNotEqualTo(node.appended().get(1).transaction());
  }

  @Test
  void aRemovalAtOnceIsToldOnceWithoutATransaction() {
    transactions.changeNow(evict("k:a:1"));

    assertThat(named()).hasSize(1);
  }

  @Test
  void aLogThatIsAwayKeepsNoCommitBack() {
    node.setAway(true);
    Stamp before = Stamp.loaded(node.follower.origin(), Tags.of("k:a:1"), /* complete= */ true);
    transaction()
        .executeWithoutResult(
            status -> {
              transactions.change(put("k:a:1"));
              transactions.change(evict("k:a:2"));
            });
    assertThat(manager.commits).isOne();
    assertThat(stored).isEmpty();
    assertThat(node.rule.mayServe(before)).isFalse();
    assertThat(node.follower.outstanding()).hasSize(1);
  }

  @Test
  void aRemovalThatThrowsKeepsNoCommitBack() {
    Change broken =
        new Change(
            Tags.of("k:a:1"),
            null,
            () -> {
              throw new IllegalStateException("a removal that throws");
            });
    transaction().executeWithoutResult(status -> transactions.change(broken));

    assertThat(manager.commits).isOne();
  }

  private List<Tags> named() {
    return node.appended().stream().map(Invalidation::tags).toList();
  }

  private Change evict(String tag) {
    return new Change(Tags.of(tag), null, () -> removed.add(tag));
  }

  private Change put(String tag) {
    return put(tag, tag);
  }

  private Change put(String tag, String... carried) {
    Stamp stamp = Stamp.loaded(node.follower.origin(), Tags.of(carried), /* complete= */ true);
    Change.Put put = new Change.Put(Tags.hash(tag), stamp, stored::add);
    return new Change(Tags.of(tag), put, () -> removed.add(tag));
  }

  private static void register(Runnable afterCommit) {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            afterCommit.run();
          }
        });
  }

  private TransactionTemplate transaction() {
    return new TransactionTemplate(manager);
  }

  private TransactionTemplate requiresNew() {
    return transaction(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
  }

  private TransactionTemplate transaction(int propagation) {
    TransactionTemplate template = transaction();
    template.setPropagationBehavior(propagation);
    return template;
  }

  /** Transactions of nothing but their synchronizations and savepoints. */
  private static final class NoDatabase extends AbstractPlatformTransactionManager {

    private static final long serialVersionUID = 1L;
    private boolean active;
    private boolean beginFails;
    private boolean commitFails;
    private int commits;

    NoDatabase() {
      setNestedTransactionAllowed(true);
    }

    @Override
    protected Object doGetTransaction() {
      return new Savepoints();
    }

    @Override
    protected boolean isExistingTransaction(Object transaction) {
      return active;
    }

    @Override
    protected void doBegin(Object transaction, TransactionDefinition definition) {
      if (beginFails) {
        throw new TransactionSystemException("no connection");
      }
      active = true;
    }

    @Override
    protected Object doSuspend(Object transaction) {
      active = false;
      return "suspended";
    }

    @Override
    protected void doResume(@Nullable Object transaction, Object suspended) {
      active = true;
    }

    @Override
    protected void doCommit(DefaultTransactionStatus status) {
      if (commitFails) {
        throw new TransactionSystemException("the connection was lost");
      }
      commits++;
    }

    @Override
    protected void doRollback(DefaultTransactionStatus status) {}

    @Override
    protected void doSetRollbackOnly(DefaultTransactionStatus status) {}

    @Override
    protected void doCleanupAfterCompletion(Object transaction) {
      active = false;
    }
  }

  /** A transaction that can be rolled back in part. */
  private static final class Savepoints
      implements org.springframework.transaction.support.SmartTransactionObject,
          org.springframework.transaction.SavepointManager {

    @Override
    public boolean isRollbackOnly() {
      return false;
    }

    @Override
    public void flush() {}

    @Override
    public Object createSavepoint() {
      return new Object();
    }

    @Override
    public void rollbackToSavepoint(Object savepoint) {}

    @Override
    public void releaseSavepoint(Object savepoint) {}
  }
}
