package larder.cache.log.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import larder.cache.log.Appended;
import larder.cache.log.LogRecord.Everything;
import larder.cache.log.Position;
import larder.cache.log.redis.JoinedAppends.Append;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class JoinedAppendsTests {

  private final ExecutorService callers = Executors.newCachedThreadPool();
  private final LinkedBlockingQueue<Flight> flights = new LinkedBlockingQueue<>();
  private final JoinedAppends appends = new JoinedAppends(this::carry);

  /** A flight that lands when the test says so. */
  private record Flight(List<Append> appends, CompletableFuture<List<Appended>> landing) {

    List<Long> numbers() {
      return appends.stream().map(append -> append.seen().n()).toList();
    }

    void land() {
      landing.complete(
          appends.stream().map(append -> new Appended(append.seen(), true, List.of())).toList());
    }
  }

  @AfterEach
  void end() {
    callers.shutdownNow();
  }

  private List<Appended> carry(List<Append> together) {
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    Flight flight = new Flight(together, new CompletableFuture<>());
    flights.add(flight);
    try {
      return flight.landing.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e;
    }
  }

  /** Has a caller append who has seen this position; returns once the append is under way. */
  private CompletableFuture<Appended> begin(long epoch, long n) throws Exception {
    Thread[] caller = new Thread[1];
    CompletableFuture<Appended> result =
        CompletableFuture.supplyAsync(
            () -> {
              caller[0] = Thread.currentThread();
              return appends.append(new Position(epoch, n), Everything.RECORD);
            },
            callers);
    await().until(() -> caller[0] != null && caller[0].getState() == Thread.State.WAITING);
    return result;
  }

  private void underWay(long... seen) throws Exception {
    for (long n : seen) {
      var unused = begin(1, n);
    }
  }

  private static long answered(CompletableFuture<Appended> append) {
    return append.join().position().n();
  }

  @Test
  void aLoneAppendFliesAlone() throws Exception {
    CompletableFuture<Appended> first = begin(1, 1);
    flights.take().land();
    CompletableFuture<Appended> second = begin(1, 2);
    Flight next = flights.take();
    assertThat(next.numbers()).containsExactly(2L);
    next.land();
    assertThat(answered(first)).isEqualTo(1);
    assertThat(answered(second)).isEqualTo(2);
  }

  @Test
  void whatComesWhileAFlightIsUnderWaySharesTheNext() throws Exception {
    List<CompletableFuture<Appended>> all = new ArrayList<>();
    for (int n = 1; n <= 5; n++) {
      all.add(begin(1, n));
    }
    Flight first = flights.take();
    assertThat(first.numbers()).containsExactly(1L);
    assertThat(flights).isEmpty();
    first.land();
    Flight second = flights.take();
    assertThat(second.numbers()).containsExactly(2L, 3L, 4L, 5L);
    second.land();
    for (int n = 1; n <= 5; n++) {
      assertThat(answered(all.get(n - 1))).isEqualTo(n);
    }
    takesOffAgain();
  }

  /** The place is not lost, and there is but one. */
  private void takesOffAgain() throws Exception {
    CompletableFuture<Appended> one = begin(1, 11);
    CompletableFuture<Appended> two = begin(1, 12);
    flights.take().land();
    Flight second = flights.take();
    CompletableFuture<Appended> three = begin(1, 13);
    assertThat(flights).isEmpty();
    second.land();
    flights.take().land();
    assertThat(List.of(answered(one), answered(two), answered(three)))
        .containsExactly(11L, 12L, 13L);
  }

  @Test
  void whoHasSeenAnotherHistoryFliesApart() throws Exception {
    underWay(1, 2);
    CompletableFuture<Appended> other = begin(2, 3);
    underWay(4);
    flights.take().land();
    Flight second = flights.take();
    assertThat(second.numbers()).containsExactly(2L, 4L);
    second.land();
    Flight third = flights.take();
    assertThat(third.appends().get(0).seen()).isEqualTo(new Position(2, 3));
    assertThat(other).isNotDone();
    third.land();
    assertThat(answered(other)).isEqualTo(3);
  }

  @Test
  void aFlightThatFailsFailsForThoseInItOnly() throws Exception {
    underWay(1);
    CompletableFuture<Appended> second = begin(1, 2);
    CompletableFuture<Appended> third = begin(1, 3);
    flights.take().land();
    Flight shared = flights.take();
    CompletableFuture<Appended> behind = begin(1, 4);
    shared.landing().completeExceptionally(new IllegalStateException("broken"));
    for (CompletableFuture<Appended> failed : List.of(second, third)) {
      assertThatThrownBy(failed::join).hasCauseInstanceOf(NoAnswerException.class);
    }
    flights.take().land();
    assertThat(answered(behind)).isEqualTo(4);
    takesOffAgain();
  }

  @Test
  void anErrorLeavesNobodyBehind() throws Exception {
    underWay(1);
    CompletableFuture<Appended> second = begin(1, 2);
    CompletableFuture<Appended> third = begin(1, 3);
    flights.take().land();
    flights.take().landing().completeExceptionally(new StackOverflowError());
    assertThatThrownBy(second::join).hasCauseInstanceOf(StackOverflowError.class);
    assertThatThrownBy(third::join).hasCauseInstanceOf(NoAnswerException.class);
    takesOffAgain();
  }

  @Test
  void whoIsInterruptedAppendsAndStaysInterrupted() throws Exception {
    underWay(1);
    CompletableFuture<Boolean> interrupted =
        CompletableFuture.supplyAsync(
            () -> {
              Thread.currentThread().interrupt();
              appends.append(new Position(1, 2), Everything.RECORD);
              return Thread.interrupted();
            },
            callers);
    flights.take().land();
    flights.take().land();
    assertThat(interrupted.join()).isTrue();
  }
}
