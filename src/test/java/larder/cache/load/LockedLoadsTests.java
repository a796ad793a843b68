package larder.cache.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import larder.cache.CachedCall.Source;
import larder.cache.log.node.Stamp;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One node loads and the others wait for it, but not for ever. */
class LockedLoadsTests extends LoadsFixture {

  @Test
  void theLockIsHeldUntilTheValueIsStored() {
    CompletableFuture<Object> storing = new CompletableFuture<>();
    List<CompletionStage<?>> releases = new ArrayList<>();
    NothingFound slowly =
        new NothingFound("a:1", "k:a:1") {
          @Override
          public CompletionStage<?> store(Loaded loaded, KeyLocks.@Nullable Lock lock) {
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

  /** A lookup for which Redis was not asked yet. */
  private static class Unasked extends NothingFound {

    final AtomicInteger asked = new AtomicInteger();
    final AtomicInteger notAsked = new AtomicInteger();
    private final Turn turn;

    Unasked(Turn turn) {
      super("u:1", "k:u:1");
      this.turn = turn;
    }

    @Override
    public boolean isUnasked() {
      return true;
    }

    @Override
    public Turn ask(KeyLocks locks) {
      asked.incrementAndGet();
      return turn;
    }

    @Override
    public void notAsked() {
      notAsked.incrementAndGet();
    }
  }

  private Loaded theirs() {
    Stamp stamp = Stamp.remote(node.follower.position(), miss.tags());
    return new Loaded("theirs", stamp, 0, /* settled= */ true);
  }

  @Test
  void whatRedisHasAfterAllIsServedAndIsNoLoad() {
    Unasked unasked = new Unasked(new Turn(theirs(), null));
    Call call = Call.begin(null);
    call.missed(unasked);
    Object answer = run(loads(key -> null, LONG, LONG), call, () -> "mine");
    call.end();

    assertThat(answer).isEqualTo("theirs");
    assertThat(call.source()).isEqualTo(Source.REMOTE);
    assertThat(unasked.stored).isEmpty();
    assertThat(unasked.asked).hasValue(1);
    assertThat(unasked.notAsked).hasValue(0);
  }

  @Test
  void theLockThatCameWithTheLookIsHeldUntilTheValueIsStoredAndGoesWithIt() {
    List<CompletionStage<?>> releases = new ArrayList<>();
    KeyLocks.Lock lock = releases::add;
    AtomicReference<KeyLocks.@Nullable Lock> with = new AtomicReference<>();
    CompletableFuture<Object> storing = new CompletableFuture<>();
    Unasked unasked =
        new Unasked(new Turn(null, lock)) {
          @Override
          public CompletionStage<?> store(Loaded loaded, KeyLocks.@Nullable Lock held) {
            with.set(held);
            return storing;
          }
        };
    Loads asking = loads(NEVER_TRIED, LONG, LONG);

    assertThat(load(asking, unasked, () -> "mine")).isEqualTo("mine");
    assertThat(with).hasValue(lock);
    assertThat(releases).singleElement().isSameAs(storing);
  }

  private static final KeyLocks NEVER_TRIED =
      key -> {
        throw new AssertionError("tried");
      };

  @Test
  void whoIsToldThatAnotherNodeLoadsLooksAgain() {
    AtomicInteger claims = new AtomicInteger();
    Unasked unasked =
        new Unasked(new Turn(null, null)) {
          @Override
          public Turn claim(KeyLocks locks) {
            return claims.incrementAndGet() < 3 ? new Turn(null, null) : new Turn(theirs(), null);
          }
        };

    assertThat(load(loads(NEVER_TRIED, LONG, LONG), unasked, () -> "mine")).isEqualTo("theirs");
    assertThat(claims).hasValue(3);
    assertThat(unasked.asked).hasValue(1);
  }

  @Test
  void whoTakesAnothersLoadAsksNobody() {
    Unasked first = new Unasked(new Turn(null, after -> {}));
    Unasked second = new Unasked(new Turn(null, null));
    CompletableFuture<Object> leader = inBackground(() -> load(first, slow("once")));
    arrived(begun);
    Visitor joiner = new Visitor(second, loads).awaitWaiting();
    released.countDown();

    assertThat(joiner.answer()).isEqualTo("once");
    assertThat(leader.join()).isEqualTo("once");
    assertThat(second.asked).hasValue(0);
    assertThat(second.notAsked).hasValue(1);
  }

  @Test
  void whoLoadsForHimselfAloneAsksNobody() {
    Unasked unasked = new Unasked(new Turn(theirs(), null));
    clean.set(false);

    assertThat(load(unasked, () -> "mine")).isEqualTo("mine");
    assertThat(unasked.asked).hasValue(0);
    assertThat(unasked.notAsked).hasValue(1);
  }

  /** Stored by the other node between the look and the lock. */
  @Test
  void whatWasStoredBeforeTheLockCameFreeIsFoundUnderIt() {
    AtomicInteger looks = new AtomicInteger();
    List<CompletionStage<?>> releases = new ArrayList<>();
    AtomicInteger tries = new AtomicInteger();
    KeyLocks free = key -> tries.incrementAndGet() == 1 ? null : releases::add;
    NothingFound stored =
        new NothingFound("a:1", "k:a:1") {
          @Override
          public @Nullable Loaded findRemote() {
            return looks.incrementAndGet() == 1 ? null : theirs();
          }
        };

    assertThat(load(loads(free, LONG, LONG), stored, () -> "mine")).isEqualTo("theirs");
    assertThat(releases).hasSize(1);
  }

  @Test
  void theLockOfWhatMayBeRefusedGoesWithItsStoring() {
    KeyLocks.Lock lock = after -> {};
    Call call = Call.begin(null);
    call.missed(new Refusable());
    run(loads(key -> lock, LONG, LONG), call, () -> "v");
    call.end();

    assertThat(call.lock()).isSameAs(lock);
  }
}
