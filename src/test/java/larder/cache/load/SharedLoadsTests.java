package larder.cache.load;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import larder.cache.log.MemoryLog;
import larder.cache.log.Source;
import larder.cache.log.Tags;
import larder.cache.log.node.FollowerListener;
import larder.cache.log.node.FollowerSettings;
import larder.cache.log.node.JoinRule;
import larder.cache.log.node.LogFollower;
import larder.cache.log.node.ServingRule;
import larder.cache.log.service.LogService;
import larder.cache.statistics.CacheStatistics;
import larder.cache.statistics.Observations;
import larder.cache.transaction.CacheTransactions;
import larder.cache.transaction.PersistenceContexts;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SharedLoadsTests {

  private final LogFollower follower =
      new LogFollower(
          new FollowerSettings(Duration.ofSeconds(2), 1 << 10, Source.LOG),
          System::nanoTime,
          FollowerListener.NO_OP);
  private final CacheTransactions transactions =
      new CacheTransactions(
          new LogService(
              new MemoryLog(1, System::currentTimeMillis, () -> 0, 1_000),
              follower,
              Duration.ofSeconds(2)),
          follower,
          PersistenceContexts.NONE,
          Call::keepPrivate);
  private final Loads loads =
      new Loads(
          transactions,
          follower,
          new JoinRule(follower, new ServingRule(follower)),
          KeyLocks.NONE,
          Duration.ofSeconds(10),
          Duration.ZERO,
          Observations.NONE);

  @Test
  void whoWaitsGetsTheValueAsItWasLoadedWhateverItsOwnCallerDoesToIt() throws Exception {
    Miss miss = new Miss("list", /* fails= */ false);
    CountDownLatch waited = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<@Nullable Object> leader =
        load(
            miss,
            () -> {
              begun.countDown();
              await(waited);
              return new ArrayList<>(List.of(1));
            });
    assertThat(begun.await(10, SECONDS)).isTrue();
    Thread[] joiner = new Thread[1];
    CompletableFuture<@Nullable Object> joined = new CompletableFuture<>();
    joiner[0] = new Thread(() -> joined.complete(loadHere(miss, () -> List.of("alone"))));
    joiner[0].start();
    org.awaitility.Awaitility.await()
        .until(() -> joiner[0].getState() == Thread.State.TIMED_WAITING);
    waited.countDown();
    @SuppressWarnings("unchecked")
    List<Object> own = (List<Object>) leader.get(10, SECONDS);
    own.add(2);
    miss.mayCopy.countDown();
    assertThat(joined.get(10, SECONDS)).isEqualTo(List.of(1));
  }

  @Test
  void callersWithAnotherTypeForTheKeyDoNotWait() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<@Nullable Object> text =
        load(
            new Miss("text", /* fails= */ false),
            () -> {
              begun.countDown();
              await(done);
              return "text";
            });
    assertThat(begun.await(10, SECONDS)).isTrue();
    assertThat(loadHere(new Miss("number", /* fails= */ false), () -> 7)).isEqualTo(7);
    done.countDown();
    assertThat(text.get(10, SECONDS)).isEqualTo("text");
  }

  @Test
  void aValueThatCannotBeKeptIsAnsweredAllTheSame() {
    assertThat(loadHere(new Miss("text", /* fails= */ true), () -> "text")).isEqualTo("text");
  }

  private CompletableFuture<@Nullable Object> load(Miss miss, Loads.Method method) {
    return CompletableFuture.supplyAsync(() -> loadHere(miss, method));
  }

  private @Nullable Object loadHere(Miss miss, Loads.Method method) {
    Call call = Call.begin(follower.origin());
    try {
      call.missed(miss);
      return loads.load(call, method);
    } catch (Throwable e) {
      throw new AssertionError(e);
    } finally {
      call.end();
    }
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(10, SECONDS)).isTrue();
  }

  /** A miss of one key, of lists that are copied only when the test lets them. */
  private record Miss(String type, boolean fails, CountDownLatch mayCopy) implements Missed {

    Miss(String type, boolean fails) {
      this(type, fails, new CountDownLatch(1));
    }

    @Override
    public @Nullable Loaded findSince(long nanos) {
      return null;
    }

    @Override
    public String key() {
      return "key";
    }

    @Override
    public String flight() {
      return key() + type;
    }

    @Override
    public String cache() {
      return "cache";
    }

    @Override
    public CacheStatistics statistics() {
      return new CacheStatistics();
    }

    @Override
    public Tags tags() {
      return Tags.of("k:cache:key");
    }

    @Override
    public boolean mayBeRefused() {
      return false;
    }

    @Override
    public CompletionStage<?> store(Loaded loaded, KeyLocks.@Nullable Lock lock) {
      if (fails) {
        throw new IllegalStateException("The value is out of the ordinary");
      }
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public @Nullable Supplier<@Nullable Shared> copies(@Nullable Object value) {
      Object now = value instanceof List<?> list ? List.copyOf(list) : value;
      return () -> {
        try {
          SharedLoadsTests.await(mayCopy);
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
        return new Shared(now);
      };
    }

    @Override
    public @Nullable Loaded findRemote() {
      return null;
    }

    @Override
    public @Nullable Loaded staleAfter(Throwable failure) {
      return null;
    }
  }
}
