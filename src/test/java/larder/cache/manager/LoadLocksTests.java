package larder.cache.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LoadLocksTests {

  private final LoadLocks locks = new LoadLocks();

  @Test
  void loadsOfOneKeyTakeTurns() {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<CompletableFuture<Integer>> loads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      loads.add(
          CompletableFuture.supplyAsync(
              () ->
                  locks.inTurn(
                      "k",
                      () -> {
                        most.accumulateAndGet(running.incrementAndGet(), Math::max);
                        Thread.onSpinWait();
                        return running.decrementAndGet();
                      })));
    }
    loads.forEach(CompletableFuture::join);
    assertThat(most).hasValue(1);
  }

  @Test
  void aKeyIsFreeAgainAfterALoadThatFailed() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                locks.inTurn(
                    "k",
                    () -> {
                      throw new IllegalStateException("no");
                    }));
    long began = System.nanoTime();
    assertThat(CompletableFuture.supplyAsync(() -> locks.inTurn("k", () -> 1)).join()).isEqualTo(1);
    assertThat(System.nanoTime() - began).isLessThan(900_000_000L);
  }

  @Test
  void aLoadMayLoadItsOwnKey() {
    assertThat(locks.<Integer>inTurn("k", () -> locks.inTurn("k", () -> 1))).isEqualTo(1);
  }

  /** Two loads that each need the other's key both end. */
  @Test
  void loadsThatNeedEachOthersKeysEnd() {
    CountDownLatch both = new CountDownLatch(2);
    var one = CompletableFuture.supplyAsync(() -> nested(both, "a", "b"));
    var other = CompletableFuture.supplyAsync(() -> nested(both, "b", "a"));

    assertThat(one.orTimeout(20, TimeUnit.SECONDS).join()).isEqualTo("a loaded b");
    assertThat(other.orTimeout(20, TimeUnit.SECONDS).join()).isEqualTo("b loaded a");
  }

  @Test
  void anInterruptedCallerLoadsForItselfAndStaysInterrupted() {
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    var holder =
        CompletableFuture.runAsync(
            () ->
                locks.inTurn(
                    "k",
                    () -> {
                      held.countDown();
                      return await(release);
                    }));
    await(held);
    Thread.currentThread().interrupt();
    assertThat(locks.<Integer>inTurn("k", () -> 1)).isEqualTo(1);
    assertThat(Thread.interrupted()).isTrue();
    release.countDown();
    holder.join();
  }

  private String nested(CountDownLatch both, String outer, String inner) {
    return locks.inTurn(
        outer,
        () -> {
          both.countDown();
          await(both);
          return locks.inTurn(inner, () -> outer + " loaded " + inner);
        });
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
