package larder.cache.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import larder.cache.log.Position;
import larder.cache.log.Tags;
import larder.cache.log.node.Origin;
import larder.cache.log.node.Stamp;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Who loads, who waits for whose load and how long, and what is stored then. */
class LoadsTests extends LoadsFixture {

  @Test
  void aLoadedValueIsStoredAsOfItsBeginning() {
    Position before = node.follower.position();
    assertThat(
            load(
                miss,
                () -> {
                  node.service.append(Tags.of("k:b:1"));
                  return "v";
                }))
        .isEqualTo("v");
    Loaded stored = onlyStored(miss);
    assertThat(stored.value()).isEqualTo("v");
    assertThat(stored.stamp().asOf()).isEqualTo(before);
    assertThat(stored.stamp().tags()).isEqualTo(miss.tags());
    assertThat(stored.stamp().complete()).isTrue();
  }

  @Test
  void aValueMissedInSeveralCachesIsStoredInEachUnderTheTagsOfAll() {
    NothingFound second = new NothingFound("b:1", "c:b", "k:b:1");
    Call call = Call.begin(null);
    try {
      call.missed(miss);
      call.missed(second);
      assertThat(run(loads, call, () -> "v")).isEqualTo("v");
    } finally {
      call.end();
    }
    assertThat(onlyStored(miss)).isEqualTo(onlyStored(second));
    assertThat(onlyStored(miss).stamp().tags()).isEqualTo(miss.tags().and(second.tags()));
  }

  @Test
  void whoComesWhileALoadIsUnderWayTakesItsValue() {
    CompletableFuture<Object> owner = inBackground(() -> load(miss, slow("v")));
    arrived(begun);
    List<Visitor> visitors = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      visitors.add(new Visitor(miss, loads));
    }
    visitors.forEach(Visitor::awaitWaiting);
    released.countDown();

    assertThat(owner.join()).isEqualTo("v");
    assertThat(visitors).allSatisfy(visitor -> assertThat(visitor.answer()).isEqualTo("v"));
    assertThat(runs).hasValue(1);
    assertThat(miss.stored).hasSize(1);
  }

  @Test
  void aVisitorsCallTellsWhatItTook() {
    CompletableFuture<Object> owner = inBackground(() -> load(miss, slow("v")));
    arrived(begun);
    Visitor visitor = new Visitor(miss, loads).awaitWaiting();
    released.countDown();
    owner.join();
    visitor.answer();

    Loaded taken = Objects.requireNonNull(visitor.call().loaded());
    assertThat(taken.settled()).isTrue();
    assertThat(taken.stamp()).isEqualTo(onlyStored(miss).stamp());
  }

  /** The lookup found nothing; then a load landed; then this caller began the next flight. */
  @Test
  void whoMissedJustBeforeALoadLandedTakesItsValue() {
    Origin before = node.follower.origin();
    Stamp stamp = Stamp.loaded(node.follower.origin(), miss.tags(), /* complete= */ true);
    NothingFound landed =
        new NothingFound("a:1", "c:a", "k:a:1") {
          @Override
          public @Nullable Loaded findSince(long nanos) {
            assertThat(nanos).isEqualTo(before.nanos());
            return new Loaded("theirs", stamp, 0, /* settled= */ true);
          }
        };
    Call call = Call.begin(before);
    try {
      call.missed(landed);
      assertThat(run(loads, call, () -> "mine")).isEqualTo("theirs");
    } finally {
      call.end();
    }
    assertThat(landed.stored).isEmpty();
  }

  @Test
  void loadsOfOtherKeysWaitForNobody() {
    CompletableFuture<Object> owner = inBackground(() -> load(miss, slow("v")));
    arrived(begun);

    assertThat(load(new NothingFound("a:2", "k:a:2"), () -> "w")).isEqualTo("w");
    released.countDown();
    owner.join();
  }

  /** The load may have read before the change that the visitor knows of. */
  @Test
  void whoArrivesAfterAChangeDoesNotTakeAnOlderLoad() {
    CompletableFuture<Object> owner = inBackground(() -> load(miss, slow("old")));
    arrived(begun);
    node.service.append(Tags.of("k:a:1"));
    Visitor first = new Visitor(miss, loads).awaitWaiting();
    Visitor second = new Visitor(miss, loads).awaitWaiting();
    released.countDown();

    assertThat(owner.join()).isEqualTo("old");
    assertThat(first.answer()).isEqualTo("own").isEqualTo(second.answer());
    assertThat(miss.stored.get(0).stamp().asOf()).isNotEqualTo(node.follower.position());
    assertThat(miss.stored.get(miss.stored.size() - 1).stamp().asOf())
        .isEqualTo(node.follower.position());
  }

  @Test
  void aLoadThatFailsLetsAllOthersGoOnAtOnce() {
    CompletableFuture<Object> owner =
        inBackground(
            () ->
                load(
                    miss,
                    () -> {
                      slow("").run();
                      throw new IllegalStateException("no");
                    }));
    arrived(begun);
    List<Visitor> visitors = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      visitors.add(new Visitor(miss, loads).awaitWaiting());
    }
    released.countDown();

    assertThat(owner).failsWithin(LONG).withThrowableThat().withMessageContaining("no");
    assertThat(visitors).allSatisfy(visitor -> assertThat(visitor.answer()).isEqualTo("own"));
  }

  @Test
  void aFailedLoadIsForgotten() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                load(
                    miss,
                    () -> {
                      throw new IllegalStateException("no");
                    }))
        .withMessage("no");
    assertThat(miss.stored).isEmpty();
    assertThat(load(miss, () -> "v")).isEqualTo("v");
  }

  @Test
  void aLoadThatHangsKeepsAVisitorNoLongerThanHisPatience() {
    Loads impatient = loads(KeyLocks.NONE, Duration.ofMillis(100), LONG);
    CompletableFuture<Object> owner = inBackground(() -> load(impatient, miss, slow("late")));
    arrived(begun);

    assertThat(load(impatient, miss, () -> "own")).isEqualTo("own");
    released.countDown();
    assertThat(owner.join()).isEqualTo("late");
  }

  /** The load may need the very connection that the visitor holds. */
  @Test
  void whoHoldsAConnectionIsImpatient() {
    CompletableFuture<Object> owner = inBackground(() -> load(miss, slow("late")));
    arrived(begun);
    TransactionSynchronizationManager.initSynchronization();
    node.transactions.beforeBegin();
    node.transactions.afterBegin(/* begun= */ true);
    TransactionSynchronizationManager.setActualTransactionActive(true);
    TransactionSynchronizationManager.setCurrentTransactionReadOnly(true);
    long began = System.nanoTime();
    try {
      assertThat(load(miss, () -> "own")).isEqualTo("own");
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(LONG.dividedBy(2));
    } finally {
      TransactionSynchronizationManager.getSynchronizations()
          .forEach(scope -> scope.afterCompletion(1));
    }
    released.countDown();
    owner.join();
  }

  @Test
  void anInterruptedVisitorLoadsForHimselfAndStaysInterrupted() throws InterruptedException {
    CompletableFuture<Object> owner = inBackground(() -> load(miss, slow("v")));
    arrived(begun);
    AtomicBoolean interrupted = new AtomicBoolean();
    List<Object> answers = new ArrayList<>();
    Thread visitor =
        new Thread(
            () -> {
              answers.add(Objects.requireNonNull(load(miss, () -> "own")));
              interrupted.set(Thread.currentThread().isInterrupted());
            });
    visitor.start();
    await().until(() -> visitor.getState() == Thread.State.TIMED_WAITING);
    visitor.interrupt();
    visitor.join();

    assertThat(answers).containsExactly("own");
    assertThat(interrupted).isTrue();
    released.countDown();
    owner.join();
  }

  @Test
  void aLoadThatAsksForItsOwnKeyDoesNotWaitForItself() {
    assertThat(load(miss, () -> load(miss, () -> "inner"))).isEqualTo("inner");
  }

  @Test
  void loadsThatAskForEachOthersKeysDoNotWaitForEver() {
    NothingFound a = new NothingFound("a", "k:a");
    NothingFound b = new NothingFound("b", "k:b");
    CountDownLatch both = new CountDownLatch(2);
    CompletableFuture<Object> one = inBackground(() -> load(a, () -> then(both, b)));
    CompletableFuture<Object> other = inBackground(() -> load(b, () -> then(both, a)));

    assertThat(one).succeedsWithin(LONG.dividedBy(2)).isEqualTo("inner");
    assertThat(other).succeedsWithin(LONG.dividedBy(2)).isEqualTo("inner");
  }

  @Test
  void threeLoadsThatAskInACircleDoNotWaitForEver() {
    List<NothingFound> keys =
        List.of(
            new NothingFound("a", "k:a"),
            new NothingFound("b", "k:b"),
            new NothingFound("c", "k:c"));
    CountDownLatch all = new CountDownLatch(3);
    List<CompletableFuture<Object>> answers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      NothingFound mine = keys.get(i);
      NothingFound next = keys.get((i + 1) % 3);
      answers.add(inBackground(() -> load(mine, () -> then(all, next))));
    }
    assertThat(answers)
        .allSatisfy(
            answer -> assertThat(answer).succeedsWithin(LONG.dividedBy(2)).isEqualTo("inner"));
  }

  @Test
  void aValueThatComesLaterIsStoredWhenItIsThereAsOfItsBeginning() {
    Position before = node.follower.position();
    Call call = Call.begin(null);
    call.missed(miss);
    Loads.Later later = loads.begin(call);
    call.end();
    node.service.append(Tags.of("k:b:1"));
    assertThat(miss.stored).isEmpty();
    later.arrived("v");

    assertThat(onlyStored(miss).stamp().asOf()).isEqualTo(before);
  }

  @Test
  void aLookThatThrowsLeavesNoFlightBehind() {
    AtomicBoolean broken = new AtomicBoolean(true);
    NothingFound breaking =
        new NothingFound("a:1", "k:a:1") {
          @Override
          public @Nullable Loaded findRemote() {
            if (broken.get()) {
              throw new IllegalStateException("a look that throws");
            }
            return null;
          }
        };
    Loads impatient = loads(key -> null, LONG, Duration.ofMillis(50));
    assertThatIllegalStateException().isThrownBy(() -> load(impatient, breaking, () -> "mine"));
    broken.set(false);

    assertThat(inBackground(() -> load(impatient, breaking, () -> "mine")))
        .succeedsWithin(LONG.dividedBy(2))
        .isEqualTo("mine");
  }
}
