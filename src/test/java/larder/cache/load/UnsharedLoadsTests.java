package larder.cache.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import larder.cache.log.Position;
import larder.cache.log.Tags;
import larder.cache.log.node.Arrival;
import larder.cache.log.node.JoinRule;
import larder.cache.log.node.Origin;
import larder.cache.log.node.Stamp;
import larder.cache.transaction.Change;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** What is loaded for its caller alone, or shared only as far as all may have it. */
class UnsharedLoadsTests extends LoadsFixture {

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
}
