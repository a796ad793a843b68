package larder.cache.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import larder.cache.CachedCall.Source;
import larder.cache.log.Position;
import larder.cache.log.Tags;
import larder.cache.log.node.Arrival;
import larder.cache.log.node.JoinRule;
import larder.cache.log.node.Origin;
import larder.cache.log.node.ServingRule;
import larder.cache.log.node.Stamp;
import larder.cache.statistics.Observations;
import larder.cache.transaction.Change;
import larder.cache.transaction.MemoryNode;
import larder.cache.transaction.PersistenceContexts;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.transaction.support.TransactionSynchronizationManager;

@Timeout(60)
class LoadsTests {

  private static final Duration LONG = Duration.ofSeconds(30);

  private final AtomicBoolean clean = new AtomicBoolean(true);
  private final MemoryNode node =
      new MemoryNode(
          Duration.ofSeconds(60),
          new PersistenceContexts() {
            @Override
            public Origin earliest(Origin now) {
              return now;
            }

            @Override
            public boolean isClean() {
              return clean.get();
            }
          },
          Call::keepPrivate);
  private final Loads loads = loads(KeyLocks.NONE, LONG, LONG);
  private final NothingFound miss = new NothingFound("a:1", "c:a", "k:a:1");
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private final AtomicInteger runs = new AtomicInteger();

  private Loads loads(KeyLocks locks, Duration patience, Duration nodePatience) {
    return new Loads(
        node.transactions,
        node.follower,
        new JoinRule(node.follower, node.rule),
        locks,
        patience,
        nodePatience,
        Observations.NONE);
  }

  @AfterEach
  void leavesNoCall() {
    released.countDown();
    assertThat(Call.current()).isNull();
    TransactionSynchronizationManager.clear();
  }

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
  void anOuterValueCarriesTheTagsOfWhatWasLoadedForIt() {
    NothingFound inner = new NothingFound("b:1", "c:b", "k:b:1");
    load(miss, () -> load(inner, () -> "v"));

    assertThat(onlyStored(miss).stamp().tags()).isEqualTo(miss.tags().and(inner.tags()));
    assertThat(onlyStored(inner).stamp().tags()).isEqualTo(inner.tags());
  }

  @Test
  void whatIsThreeDeepIsCarriedToTheTop() {
    NothingFound inner = new NothingFound("b:1", "k:b:1");
    NothingFound innermost = new NothingFound("c:1", "k:c:1");
    load(miss, () -> load(inner, () -> load(innermost, () -> "v")));

    assertThat(onlyStored(miss).stamp().tags())
        .isEqualTo(miss.tags().and(inner.tags()).and(innermost.tags()));
  }

  /** A value made of an old one is itself no newer, though it was made just now. */
  @Test
  void anOuterValueIsNoNewerThanWhatItConsumed() {
    Stamp old = Stamp.remote(node.follower.position(), Tags.of("k:b:1"));
    long proven = System.nanoTime() - TimeUnit.SECONDS.toNanos(50);
    load(
        miss,
        () -> {
          Call inner = Call.begin(null);
          inner.hit(Source.REMOTE, old, proven);
          inner.end();
          return "v";
        });
    Stamp stamp = onlyStored(miss).stamp();
    assertThat(stamp.originNanos()).isEqualTo(proven);
    assertThat(stamp.tags()).isEqualTo(miss.tags().and(old.tags()));
    assertThat(stamp.readNanos()).as("nobody knows").isEqualTo(old.readNanos());
  }

  @Test
  void whatIsThreeDeepIsNoNewerThanTheInnermost() {
    Stamp old = Stamp.remote(node.follower.position(), Tags.of("k:b:1"));
    long proven = System.nanoTime() - TimeUnit.SECONDS.toNanos(50);
    NothingFound middle = new NothingFound("m:1", "k:m:1");
    load(
        miss,
        () ->
            load(
                middle,
                () -> {
                  Call innermost = Call.begin(null);
                  innermost.hit(Source.REMOTE, old, proven);
                  innermost.end();
                  return "v";
                }));
    assertThat(onlyStored(middle).stamp().originNanos()).isEqualTo(proven);
    assertThat(onlyStored(miss).stamp().originNanos()).isEqualTo(proven);
  }

  /** An expired value is served while the database fails; nothing that lasts is made of it. */
  @Test
  void whatIsMadeOfAValueThatIsNotProvenIsForItsCallerAlone() {
    Stamp expired = Stamp.remote(node.follower.position(), Tags.of("k:b:1"));
    NothingFound middle = new NothingFound("m:1", "k:m:1");
    load(
        miss,
        () ->
            load(
                middle,
                () -> {
                  Call innermost = Call.begin(null);
                  innermost.hit(Source.NEAR, expired, ServingRule.NOT_PROVEN);
                  innermost.end();
                  return "v";
                }));
    assertThat(middle.stored).isEmpty();
    assertThat(miss.stored).isEmpty();
  }

  @Test
  void whatIsBoundByItsPartsEndsWithTheFirstOfThem() {
    long now = System.nanoTime();
    Call page = Call.begin(null);
    page.boundByParts();
    page.missed(miss);
    run(
        loads,
        page,
        () -> {
          for (int seconds : new int[] {20, 10, 30}) {
            Call part = Call.begin(null);
            part.answerEndsBy(now + TimeUnit.SECONDS.toNanos(seconds));
            part.end();
          }
          return load(second(), () -> "v");
        });
    page.end();
    assertThat(onlyStored(miss).endsNanos()).isEqualTo(now + TimeUnit.SECONDS.toNanos(10));
  }

  @Test
  void whatIsNotBoundByItsPartsLivesAsItsPolicySays() {
    load(
        miss,
        () -> {
          Objects.requireNonNull(Call.current()).endsBy(System.nanoTime());
          return "v";
        });
    assertThat(onlyStored(miss).endsNanos()).isEqualTo(Loaded.OPEN);
  }

  private static NothingFound second() {
    return new NothingFound("d:1", "k:d:1");
  }

  @Test
  void anIncompleteValueMakesTheOuterIncomplete() {
    Stamp incomplete =
        Stamp.loaded(node.follower.origin(), Tags.of("k:b:1"), /* complete= */ false);
    load(
        miss,
        () -> {
          Objects.requireNonNull(Call.current()).consume(incomplete, incomplete.originNanos());
          return "v";
        });
    assertThat(onlyStored(miss).stamp().complete()).isFalse();
  }

  @Test
  void whatAJoinedLoadConsumedIsCarriedToo() {
    NothingFound inner = new NothingFound("b:1", "k:b:1");
    NothingFound outer = new NothingFound("c:1", "k:c:1");
    CompletableFuture<Object> owner = inBackground(() -> load(inner, () -> load(miss, slow("v"))));
    arrived(begun);
    CompletableFuture<Object> visitor =
        inBackground(() -> load(outer, () -> load(inner, () -> "own")));
    await().until(() -> waiters("load-") > 1);
    released.countDown();

    assertThat(owner.join()).isEqualTo("v").isEqualTo(visitor.join());
    assertThat(onlyStored(outer).stamp().tags())
        .isEqualTo(outer.tags().and(inner.tags()).and(miss.tags()));
  }

  @Test
  void whatAnAnnotationMayRefuseIsLeftToIt() {
    Refusable refusable = new Refusable();
    Call call = Call.begin(null);
    try {
      call.missed(refusable);
      assertThat(run(loads, call, () -> "v")).isEqualTo("v");
      assertThat(refusable.stored).isEmpty();
      assertThat(Objects.requireNonNull(call.loaded()).settled()).isFalse();
    } finally {
      call.end();
    }
  }

  @Test
  void visitorsOfWhatMayBeRefusedTakeItAndStoreNothing() {
    Refusable refusable = new Refusable();
    CompletableFuture<Object> owner = inBackground(() -> load(refusable, slow("v")));
    arrived(begun);
    Visitor visitor = new Visitor(refusable, loads).awaitWaiting();
    released.countDown();
    owner.join();

    assertThat(visitor.answer()).isEqualTo("v");
    assertThat(Objects.requireNonNull(visitor.call().loaded()).settled()).isTrue();
  }

  @Test
  void aValueThatCannotBeCopiedIsNotShared() {
    NothingFound unshareable =
        new NothingFound("a:1", "k:a:1") {
          @Override
          public @Nullable Supplier<@Nullable Shared> copies(@Nullable Object value) {
            return null;
          }
        };
    CompletableFuture<Object> owner = inBackground(() -> load(unshareable, slow("v")));
    arrived(begun);
    Visitor visitor = new Visitor(unshareable, loads).awaitWaiting();
    released.countDown();
    owner.join();

    assertThat(visitor.answer()).isEqualTo("own");
  }

  @Test
  void insideOfAWritingTransactionALoadIsForItsCallerAlone() {
    CompletableFuture<Object> owner = inBackground(() -> load(miss, slow("shared")));
    arrived(begun);
    TransactionSynchronizationManager.setActualTransactionActive(true);
    assertThat(load(miss, () -> "private")).isEqualTo("private");
    TransactionSynchronizationManager.setActualTransactionActive(false);
    released.countDown();
    owner.join();

    assertThat(onlyStored(miss).value()).isEqualTo("shared");
  }

  @Test
  void aLoadInATransactionWhoseBeginningNobodySawIsForItsCallerAlone() {
    TransactionSynchronizationManager.setActualTransactionActive(true);
    TransactionSynchronizationManager.setCurrentTransactionReadOnly(true);
    assertThat(load(miss, () -> "private")).isEqualTo("private");

    assertThat(miss.stored).isEmpty();
  }

  @Test
  void aPrivateValueIsSettled() {
    TransactionSynchronizationManager.setActualTransactionActive(true);
    Refusable refusable = new Refusable();
    Call call = Call.begin(null);
    try {
      call.missed(refusable);
      run(loads, call, () -> "v");
      assertThat(Objects.requireNonNull(call.loaded()).settled()).isTrue();
    } finally {
      call.end();
    }
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
  void aValueThatComesLaterInAWritingTransactionIsNotStored() {
    TransactionSynchronizationManager.setActualTransactionActive(true);
    Call call = Call.begin(null);
    call.missed(miss);
    Loads.Later later = loads.begin(call);
    call.end();
    later.arrived("v");

    assertThat(miss.stored).isEmpty();
  }

  @Test
  void theLockIsHeldUntilTheValueIsStored() {
    CompletableFuture<Object> storing = new CompletableFuture<>();
    List<CompletionStage<?>> releases = new ArrayList<>();
    NothingFound slowly =
        new NothingFound("a:1", "k:a:1") {
          @Override
          public CompletionStage<?> store(Loaded loaded) {
            return storing;
          }
        };
    assertThat(load(loads(key -> releases::add, LONG, LONG), slowly, () -> "v")).isEqualTo("v");

    assertThat(releases).singleElement().satisfies(stage -> assertThat(stage).isSameAs(storing));
  }

  @Test
  void theLockIsReleasedAtOnceIfTheLoadFails() {
    List<CompletionStage<?>> releases = new ArrayList<>();
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                load(
                    loads(key -> releases::add, LONG, LONG),
                    miss,
                    () -> {
                      throw new IllegalStateException("no");
                    }));
    assertThat(releases)
        .singleElement()
        .satisfies(stage -> assertThat(stage.toCompletableFuture()).isCompleted());
  }

  @Test
  void whatAnotherNodeLoadedMeanwhileIsTaken() {
    Stamp stamp = Stamp.remote(node.follower.position(), miss.tags());
    AtomicInteger looks = new AtomicInteger();
    NothingFound foundAtLast =
        new NothingFound("a:1", "k:a:1") {
          @Override
          public @Nullable Loaded findRemote() {
            return looks.incrementAndGet() < 3
                ? null
                : new Loaded("theirs", stamp, 0, /* settled= */ true);
          }
        };
    assertThat(load(loads(key -> null, LONG, LONG), foundAtLast, () -> "mine")).isEqualTo("theirs");
    assertThat(foundAtLast.stored).isEmpty();
  }

  @Test
  void anotherNodesLockKeepsALoadNoLongerThanThePatience() {
    assertThat(load(loads(key -> null, LONG, Duration.ofMillis(50)), miss, () -> "mine"))
        .isEqualTo("mine");
    assertThat(miss.stored).hasSize(1);
  }

  @Test
  void aLockThatBecomesFreeIsTaken() {
    AtomicInteger tries = new AtomicInteger();
    AtomicInteger releases = new AtomicInteger();
    KeyLocks busy =
        key -> tries.incrementAndGet() < 4 ? null : stored -> releases.incrementAndGet();

    assertThat(load(loads(busy, LONG, LONG), miss, () -> "mine")).isEqualTo("mine");
    assertThat(releases).hasValue(1);
  }

  @Test
  void anInterruptedOwnerWaitsForNoOtherNodeAndStaysInterrupted() {
    Thread.currentThread().interrupt();
    assertThat(load(loads(key -> null, LONG, LONG), miss, () -> "mine")).isEqualTo("mine");

    assertThat(Thread.interrupted()).isTrue();
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

  @Test
  void aLoadAmongChangedEntitiesIsForItsCallerAlone() {
    clean.set(false);
    assertThat(
            load(
                miss,
                () -> {
                  clean.set(true);
                  return "changed";
                }))
        .isEqualTo("changed");
    assertThat(miss.stored).isEmpty();
  }

  @Test
  void aLoadThatChangesEntitiesIsForItsCallerAlone() {
    CompletableFuture<Object> owner =
        inBackground(
            () ->
                load(
                    miss,
                    () -> {
                      slow("").run();
                      clean.set(false);
                      return "changed";
                    }));
    arrived(begun);
    Visitor visitor = new Visitor(miss, loads).awaitWaiting();
    released.countDown();

    assertThat(owner.join()).isEqualTo("changed");
    assertThat(visitor.answer()).isEqualTo("own");
    assertThat(miss.stored).isEmpty();
  }

  /** The outer call may be outside of what shows the change. */
  @Test
  void whatAnInnerCallReadAmongChangedEntitiesStaysWithTheOuterCall() {
    NothingFound inner = new NothingFound("b:1", "k:b:1");
    load(
        miss,
        () -> {
          clean.set(false);
          load(inner, () -> "changed");
          clean.set(true);
          return "made of it";
        });
    assertThat(inner.stored).isEmpty();
    assertThat(miss.stored).isEmpty();
  }

  @Test
  void aLaterValueOfAMethodThatChangedEntitiesIsNotStored() {
    Call call = Call.begin(null);
    call.missed(miss);
    Loads.Later later = loads.begin(call);
    clean.set(false);
    later.returned();
    call.end();
    clean.set(true);
    later.arrived("changed");

    assertThat(miss.stored).isEmpty();
  }

  @Test
  void whatMayHaveBeenRolledBackIsNotShared() {
    CompletableFuture<Object> owner =
        inBackground(
            () ->
                load(
                    miss,
                    () -> {
                      slow("").run();
                      Call.keepPrivate();
                      return "never";
                    }));
    arrived(begun);
    Visitor visitor = new Visitor(miss, loads).awaitWaiting();
    released.countDown();

    assertThat(owner.join()).isEqualTo("never");
    assertThat(visitor.answer()).isEqualTo("own");
    assertThat(miss.stored).extracting(Loaded::value).containsExactly("own");
  }

  @Test
  void whatMayHaveBeenRolledBackIsNoNews() {
    Call call = Call.begin(node.follower.origin());
    assertThat(call.news(miss.tags())).isNotNull();
    Call.keepPrivate();
    assertThat(call.news(miss.tags())).isNull();
    call.end();
  }

  /** As in a read-only transaction in which something was evicted by hand. */
  @Test
  void whoHasWrittenItHimselfTakesNoOthersValue() {
    CompletableFuture<Object> owner = inBackground(() -> load(miss, slow("theirs")));
    arrived(begun);
    CompletableFuture<Object> answer = new CompletableFuture<>();
    Thread visitor =
        new Thread(
            () -> {
              TransactionSynchronizationManager.initSynchronization();
              TransactionSynchronizationManager.setActualTransactionActive(true);
              node.transactions.change(new Change(Tags.of("k:a:1"), null, () -> {}));
              TransactionSynchronizationManager.setActualTransactionActive(false);
              answer.complete(Objects.requireNonNull(load(miss, () -> "mine")));
            });
    visitor.start();
    await().until(() -> visitor.getState() == Thread.State.TIMED_WAITING);
    released.countDown();

    assertThat(answer).succeedsWithin(LONG).isEqualTo("mine");
    assertThat(owner.join()).isEqualTo("theirs");
  }

  /** Of two who are refused by one flight, the second would be refused by a next as old. */
  @Test
  void theNextFlightIsAsNewAsItsBeginning() {
    Origin arrival = node.follower.origin();
    Flights flights = new Flights(new JoinRule(node.follower, node.rule), node.transactions, LONG);
    Flights.Boarding first = flights.board(miss, flights.arrival(Position.NOWHERE), arrival);
    CompletableFuture<Origin> next = new CompletableFuture<>();
    Thread second =
        new Thread(
            () -> {
              Arrival mine = flights.arrival(Position.NOWHERE);
              Flight own = flights.board(miss, mine, node.follower.origin()).own();
              next.complete(Objects.requireNonNull(own).origin());
            });
    second.start();
    await().until(() -> second.getState() == Thread.State.TIMED_WAITING);
    node.service.append(Tags.of("k:a:1"));
    Position refused = node.follower.position();
    Stamp stamp = Stamp.loaded(arrival, miss.tags(), /* complete= */ true);
    flights.land(
        miss,
        Objects.requireNonNull(first.own()),
        new Flight.Landed(
            new Loaded("v", stamp, 0, /* settled= */ true), () -> new Missed.Shared("v")));

    assertThat(next).succeedsWithin(LONG).extracting(Origin::position).isEqualTo(refused);
  }

  @Test
  void theLockOfWhatMayBeRefusedIsHeldUntilItIsJudged() {
    List<CompletionStage<?>> releases = new ArrayList<>();
    KeyLocks locks = key -> releases::add;
    Call call = Call.begin(null);
    Refusable refusable = new Refusable();
    call.missed(refusable);
    run(loads(locks, LONG, LONG), call, () -> "v");
    CompletableFuture<Object> storing = new CompletableFuture<>();
    call.storing(storing);
    call.end();
    assertThat(releases).isEmpty();
    call.finish();

    assertThat(releases).singleElement().isSameAs(storing);
  }

  /** A lookup whose annotation has an {@code unless}. */
  private static final class Refusable extends NothingFound {

    Refusable() {
      super("r:1", "k:r:1");
    }

    @Override
    public boolean mayBeRefused() {
      return true;
    }
  }

  /** A caller in a thread of his own, whose method brings "own". */
  private static final class Visitor {

    private final CompletableFuture<Object> answer = new CompletableFuture<>();
    private final CompletableFuture<Call> call = new CompletableFuture<>();
    private final Thread thread;

    Visitor(Missed miss, Loads loads) {
      thread =
          new Thread(
              () -> {
                Call mine = Call.begin(null);
                call.complete(mine);
                mine.missed(miss);
                answer.complete(Objects.requireNonNull(run(loads, mine, () -> "own")));
              });
      thread.start();
    }

    Visitor awaitWaiting() {
      await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
      return this;
    }

    Object answer() {
      return answer.orTimeout(LONG.toSeconds() / 2, TimeUnit.SECONDS).join();
    }

    Call call() {
      return call.join();
    }
  }

  private Loads.Method slow(Object value) {
    return () -> {
      runs.incrementAndGet();
      begun.countDown();
      released.await();
      return value;
    };
  }

  private @Nullable Object then(CountDownLatch all, NothingFound next) {
    all.countDown();
    arrived(all);
    return load(next, () -> "inner");
  }

  private @Nullable Object load(Missed missed, Loads.Method method) {
    return load(loads, missed, method);
  }

  private static @Nullable Object load(Loads through, Missed missed, Loads.Method method) {
    Call call = Call.begin(null);
    try {
      call.missed(missed);
      return run(through, call, method);
    } finally {
      call.end();
    }
  }

  private static @Nullable Object run(Loads loads, Call call, Loads.Method method) {
    try {
      return loads.load(call, method);
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private interface Answer {
    @Nullable Object get();
  }

  private static CompletableFuture<Object> inBackground(Answer answer) {
    CompletableFuture<Object> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                result.complete(Objects.requireNonNull(answer.get()));
              } catch (RuntimeException e) {
                result.completeExceptionally(e);
              }
            },
            "load-" + System.nanoTime());
    thread.setDaemon(true);
    thread.start();
    return result;
  }

  private static long waiters(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(prefix))
        .filter(
            thread ->
                thread.getState() == Thread.State.TIMED_WAITING
                    || thread.getState() == Thread.State.WAITING)
        .count();
  }

  private static Loaded onlyStored(NothingFound miss) {
    assertThat(miss.stored).hasSize(1);
    return miss.stored.get(0);
  }

  private static void arrived(CountDownLatch latch) {
    try {
      assertThat(latch.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
