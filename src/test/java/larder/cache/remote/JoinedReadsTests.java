package larder.cache.remote;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import larder.cache.remote.JoinedReads.Read;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What flies when; the flights are landed by hand. */
@Timeout(60)
class JoinedReadsTests {

  private static final long PATIENCE = 1_000;

  private final List<Flight> flights = new ArrayList<>();
  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 10); // about to wrap around
  private final JoinedReads joined = new JoinedReads(this::note, PATIENCE, clock::get);

  private record Flight(List<Read> reads, Runnable landing) {

    List<String> keys() {
      return reads.stream().map(Read::key).toList();
    }

    void land() {
      reads.forEach(read -> read.complete(answer(read.key())));
      landing.run();
    }
  }

  private static byte[] answer(String key) {
    return ("value of " + key).getBytes(UTF_8);
  }

  private void note(List<Read> reads, Runnable landing) {
    flights.add(new Flight(List.copyOf(reads), landing));
  }

  private List<List<String>> flown() {
    return flights.stream().map(Flight::keys).toList();
  }

  private void ask(String key) {
    var unused = joined.read(key);
  }

  private static byte @Nullable [] get(Read read) throws Exception {
    return read.get(20, TimeUnit.SECONDS);
  }

  @Test
  void aLoneReadIsSentAtOnce() throws Exception {
    Read lone = joined.read("a");
    assertThat(flown()).containsExactly(List.of("a"));
    flights.get(0).land();
    assertThat(get(lone)).isEqualTo(answer("a"));
    ask("b");
    assertThat(flown()).containsExactly(List.of("a"), List.of("b"));
  }

  @Test
  void readsBehindAFlightLeaveTogetherWhenItLands() throws Exception {
    ask("a");
    List<Read> behind = List.of(joined.read("b"), joined.read("c"), joined.read("b"));
    assertThat(flown()).containsExactly(List.of("a"));
    flights.get(0).land();
    assertThat(flown()).containsExactly(List.of("a"), List.of("b", "c", "b"));
    ask("d");
    flights.get(1).land();
    for (Read read : behind) {
      assertThat(get(read)).isEqualTo(answer(read.key()));
    }
    assertThat(flown()).last().isEqualTo(List.of("d"));
  }

  @Test
  void aFlightHoldsNobodyBackForLongerThanThePatience() {
    ask("a");
    ask("b");
    clock.addAndGet(PATIENCE - 1);
    ask("c");
    assertThat(flown()).hasSize(1);
    clock.addAndGet(1);
    ask("d");
    assertThat(flown()).containsExactly(List.of("a"), List.of("b", "c", "d"));
  }

  @Test
  void anOlderFlightThatStillHangsHoldsNobodyBack() {
    ask("a");
    clock.addAndGet(PATIENCE);
    ask("b");
    flights.get(1).land();
    ask("c");
    assertThat(flown()).containsExactly(List.of("a"), List.of("b"), List.of("c"));
    ask("d");
    flights.get(0).land();
    assertThat(flown()).as("another flight is under way").hasSize(3);
    flights.get(2).land();
    assertThat(flown()).last().isEqualTo(List.of("d"));
  }

  @Test
  void theFirstThatWaitsSeesToItThatAllAreSent() throws Exception {
    JoinedReads impatient = new JoinedReads(this::landAllButTheFirst, PATIENCE, () -> 0);
    Read hangs = impatient.read("a");
    Read first = impatient.read("b");
    Read second = impatient.read("c");
    assertThat(flown()).containsExactly(List.of("a"));
    assertThat(get(first)).isEqualTo(answer("b"));
    assertThat(second).isCompletedWithValueMatching(bytes -> bytes.length > 0);
    assertThat(flown()).containsExactly(List.of("a"), List.of("b", "c"));
    assertThatThrownBy(() -> hangs.get(1, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
  }

  private void landAllButTheFirst(List<Read> reads, Runnable landing) {
    note(reads, landing);
    if (flights.size() > 1) {
      flights.get(flights.size() - 1).land();
    }
  }

  @Test
  void whoStopsWaitingSendsThoseBehind() {
    ask("a");
    Read first = joined.read("b");
    ask("c");
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> get(first)).isInstanceOf(InterruptedException.class);
    assertThat(flown()).containsExactly(List.of("a"), List.of("b", "c"));
  }

  @Test
  void aDeadlineShorterThanThePatienceHolds() {
    JoinedReads patient = new JoinedReads(this::note, TimeUnit.HOURS.toNanos(1), clock::get);
    var unused = patient.read("a");
    Read first = patient.read("b");
    assertThatThrownBy(() -> first.get(1, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
  }

  @Test
  void aFlightThatFailsHurtsNobodyBehindIt() throws Exception {
    Read failing = joined.read("a");
    Read behind = joined.read("b");
    failing.completeExceptionally(new IllegalStateException("cut"));
    flights.get(0).landing().run();
    assertThatThrownBy(() -> get(failing))
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseMessage("cut");
    flights.get(1).land();
    assertThat(get(behind)).isEqualTo(answer("b"));
  }

  @Test
  void aSendingThatThrowsFailsItsReadsAndIsOver() {
    AtomicInteger sendings = new AtomicInteger();
    JoinedReads shut =
        new JoinedReads(
            (reads, landing) -> {
              sendings.incrementAndGet();
              throw new IllegalStateException("shut down");
            },
            PATIENCE,
            clock::get);
    for (String key : List.of("a", "b")) {
      assertThatThrownBy(() -> get(shut.read(key))).hasRootCauseMessage("shut down");
    }
    assertThat(sendings).hasValue(2);
  }

  @Test
  void aFlightHasALimit() {
    ask("first");
    List<String> keys = IntStream.range(0, 130).mapToObj(i -> "" + i).toList();
    keys.forEach(this::ask);
    flights.get(0).land();
    assertThat(flown())
        .containsExactly(
            List.of("first"), keys.subList(0, 64), keys.subList(64, 128), keys.subList(128, 130));
    ask("next");
    flights.get(2).land();
    assertThat(flown()).last().isEqualTo(List.of("next"));
  }

  /** Nobody's patience ends here, so that a read which is forgotten stays so. */
  @Test
  void amongManyThreadsNoReadIsForgottenOrTakenForAnother() throws Exception {
    ExecutorService wire = Executors.newFixedThreadPool(2);
    ExecutorService callers = Executors.newFixedThreadPool(8);
    AtomicInteger sent = new AtomicInteger();
    JoinedReads patient =
        new JoinedReads(
            (reads, landing) -> {
              sent.incrementAndGet();
              wire.execute(() -> new Flight(reads, landing).land());
            },
            Duration.ofHours(1).toNanos(),
            System::nanoTime);
    try {
      List<Future<?>> ends = new ArrayList<>();
      for (int caller = 0; caller < 8; caller++) {
        String name = "caller-" + caller + "-";
        ends.add(callers.submit(() -> readMany(patient, name)));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    } finally {
      callers.shutdownNow();
      wire.shutdownNow();
    }
    assertThat(sent.get()).isLessThan(8 * 10_000);
  }

  private static Void readMany(JoinedReads reads, String name) throws Exception {
    for (int i = 0; i < 10_000; i++) {
      assertThat(get(reads.read(name + i))).isEqualTo(answer(name + i));
    }
    return null;
  }
}
