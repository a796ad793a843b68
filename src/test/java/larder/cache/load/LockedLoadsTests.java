package larder.cache.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
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
}
