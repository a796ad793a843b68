package larder.cache.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import larder.cache.log.node.JoinRule;
import larder.cache.log.node.Origin;
import larder.cache.statistics.Observations;
import larder.cache.transaction.MemoryNode;
import larder.cache.transaction.PersistenceContexts;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Loads on a node in memory, and callers in other threads that are watched as they wait. */
@Timeout(60)
abstract class LoadsFixture {

  static final Duration LONG = Duration.ofSeconds(30);

  final AtomicBoolean clean = new AtomicBoolean(true);
  final MemoryNode node =
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
  final Loads loads = loads(KeyLocks.NONE, LONG, LONG);
  final NothingFound miss = new NothingFound("a:1", "c:a", "k:a:1");
  final CountDownLatch begun = new CountDownLatch(1);
  final CountDownLatch released = new CountDownLatch(1);
  final AtomicInteger runs = new AtomicInteger();

  Loads loads(KeyLocks locks, Duration patience, Duration nodePatience) {
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

  /** A lookup whose annotation has an {@code unless}. */
  static final class Refusable extends NothingFound {

    Refusable() {
      super("r:1", "k:r:1");
    }

    @Override
    public boolean mayBeRefused() {
      return true;
    }
  }

  /** A caller in a thread of his own, whose method brings "own". */
  static final class Visitor {

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

  Loads.Method slow(Object value) {
    return () -> {
      runs.incrementAndGet();
      begun.countDown();
      released.await();
      return value;
    };
  }

  @Nullable Object then(CountDownLatch all, NothingFound next) {
    all.countDown();
    arrived(all);
    return load(next, () -> "inner");
  }

  @Nullable Object load(Missed missed, Loads.Method method) {
    return load(loads, missed, method);
  }

  static @Nullable Object load(Loads through, Missed missed, Loads.Method method) {
    Call call = Call.begin(null);
    try {
      call.missed(missed);
      return run(through, call, method);
    } finally {
      call.end();
    }
  }

  static @Nullable Object run(Loads loads, Call call, Loads.Method method) {
    try {
      return loads.load(call, method);
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  interface Answer {
    @Nullable Object get();
  }

  static CompletableFuture<Object> inBackground(Answer answer) {
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

  static long waiters(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(prefix))
        .filter(
            thread ->
                thread.getState() == Thread.State.TIMED_WAITING
                    || thread.getState() == Thread.State.WAITING)
        .count();
  }

  static Loaded onlyStored(NothingFound miss) {
    assertThat(miss.stored).hasSize(1);
    return miss.stored.get(0);
  }

  static void arrived(CountDownLatch latch) {
    try {
      assertThat(latch.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
