package larder.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BreakerTests {

  /** A scheduler that runs tasks when told to. */
  private static final class ByHand extends ScheduledThreadPoolExecutor {

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final Queue<Long> delays = new ArrayDeque<>();

    ByHand() {
      super(1);
    }

    @Override
    public void execute(Runnable task) {
      task.run();
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
      if (isShutdown()) {
        throw new RejectedExecutionException("shut down");
      }
      tasks.add(task);
      delays.add(unit.toMillis(delay));
      return super.schedule(() -> {}, 1, TimeUnit.HOURS);
    }

    void runNext() {
      delays.remove();
      tasks.remove().run();
    }

    int waiting() {
      return tasks.size();
    }

    long nextDelay() {
      return Objects.requireNonNull(delays.peek(), "nothing is scheduled");
    }
  }

  private final AtomicLong nanos = new AtomicLong();
  private final ByHand scheduler = new ByHand();
  private final AtomicBoolean redisAnswers = new AtomicBoolean(true);
  private final AtomicInteger probes = new AtomicInteger();
  private Runnable duringProbe = () -> {};
  private final Breaker breaker =
      new Breaker(this::probe, Duration.ofMillis(250), scheduler, nanos::get);

  private void probe() {
    probes.incrementAndGet();
    duringProbe.run();
    if (!redisAnswers.get()) {
      throw new IllegalStateException("no answer");
    }
  }

  /** A call that begins now fails. */
  private void fail(String reason) {
    breaker.failed(reason, breaker.closing());
  }

  @AfterEach
  void close() {
    breaker.close();
    scheduler.shutdownNow();
  }

  @Test
  void isOpenBeforeItsFirstProbe() {
    assertThat(breaker.isClosed()).isFalse();
  }

  @Test
  void closesWithAProbeThatSucceeds() {
    breaker.start(Duration.ofSeconds(1));

    assertThat(breaker.isClosed()).isTrue();
    assertThat(scheduler.waiting()).isZero();
  }

  @Test
  void probesUntilOneSucceeds() {
    redisAnswers.set(false);
    breaker.start(Duration.ofSeconds(1));
    for (int i = 2; i < 6; i++) {
      assertThat(breaker.isClosed()).isFalse();
      assertThat(scheduler.waiting()).isEqualTo(1);
      assertThat(scheduler.nextDelay()).isEqualTo(250);
      scheduler.runNext();
      assertThat(probes).hasValue(i);
    }
    redisAnswers.set(true);
    scheduler.runNext();

    assertThat(breaker.isClosed()).isTrue();
    assertThat(scheduler.waiting()).isZero();
  }

  @Test
  void opensWithTheFirstFailureAndProbesAtOnce() {
    breaker.start(Duration.ofSeconds(1));
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    fail("no answer");
    fail("no answer");

    assertThat(breaker.isClosed()).isFalse();
    assertThat(scheduler.waiting()).isEqualTo(1);
    assertThat(scheduler.nextDelay()).isZero();
    scheduler.runNext();
    assertThat(breaker.isClosed()).isTrue();
  }

  /**
   * Two calls are on their way when Redis is killed. One fails, which opens the breaker; Redis is
   * started and a probe closes it; then the other has waited for its deadline.
   */
  @Test
  void aCallFromBeforeTheLastClosingDoesNotOpenItAgain() {
    breaker.start(Duration.ofSeconds(1));
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    long slower = breaker.closing();
    fail("connection lost");
    scheduler.runNext();
    nanos.addAndGet(Duration.ofMillis(40).toNanos());
    breaker.failed("no answer", slower);

    assertThat(breaker.isClosed()).isTrue();
    assertThat(scheduler.waiting()).isZero();
  }

  /** The same, and then Redis does fail: the late answer has not made the next probe wait. */
  @Test
  void aCallFromBeforeTheLastClosingIsNoRelapse() {
    breaker.start(Duration.ofSeconds(1));
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    long slower = breaker.closing();
    fail("connection lost");
    scheduler.runNext();
    breaker.failed("no answer", slower);
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    fail("no answer");

    assertThat(breaker.isClosed()).isFalse();
    assertThat(scheduler.nextDelay()).isZero();
  }

  /** One from before the outage is passed over, however many have failed since. */
  @Test
  void aCallThatBeganAfterTheLastClosingOpensIt() {
    breaker.start(Duration.ofSeconds(1));
    long before = breaker.closing();
    fail("connection lost");
    scheduler.runNext();
    long after = breaker.closing();
    breaker.failed("no answer", before);
    assertThat(breaker.isClosed()).isTrue();
    breaker.failed("no answer", after);

    assertThat(breaker.isClosed()).isFalse();
    assertThat(scheduler.waiting()).isEqualTo(1);
  }

  /** While it is open nobody is let through, and who fails then has nothing to open. */
  @Test
  void aCallThatFailsWhileItIsOpenChangesNothing() {
    breaker.start(Duration.ofSeconds(1));
    long before = breaker.closing();
    fail("connection lost");
    breaker.failed("no answer", before);
    fail("no answer");

    assertThat(breaker.closing()).isEqualTo(Breaker.OPEN);
    assertThat(scheduler.waiting()).isEqualTo(1);
  }

  @Test
  void waitsLongerEachTimeItIsClosedInVain() {
    breaker.start(Duration.ofSeconds(1));
    for (long delay : new long[] {250, 500, 1_000, 2_000, 2_000}) {
      fail("no answer");
      assertThat(scheduler.nextDelay()).isEqualTo(delay);
      scheduler.runNext();
    }
    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    fail("no answer");
    assertThat(scheduler.nextDelay()).isZero();
  }

  @Test
  void aLateAnswerClosesItIfManyWereInTime() {
    breaker.start(Duration.ofSeconds(1));
    answerInTime(20);
    fail("no answer");
    breaker.answeredLate();

    assertThat(breaker.isClosed()).isTrue();
  }

  @Test
  void aLateAnswerLeavesItOpenIfFewWereInTime() {
    breaker.start(Duration.ofSeconds(1));
    answerInTime(19);
    fail("no answer");
    breaker.answeredLate();

    assertThat(breaker.isClosed()).isFalse();
  }

  @Test
  void eachLateAnswerNeedsOthersInTimeOfItsOwn() {
    breaker.start(Duration.ofSeconds(1));
    answerInTime(39);
    fail("no answer");
    breaker.answeredLate();
    fail("no answer");
    answerInTime(20);
    breaker.answeredLate();

    assertThat(breaker.isClosed()).isFalse();
  }

  @Test
  void theProbeOfAnOpeningThatALateAnswerEndedSaysNothing() {
    breaker.start(Duration.ofSeconds(1));
    answerInTime(20);
    fail("no answer");
    breaker.answeredLate();
    redisAnswers.set(false);
    scheduler.runNext();

    assertThat(breaker.isClosed()).isTrue();
    assertThat(probes).hasValue(1);
    assertThat(scheduler.waiting()).isZero();
  }

  @Test
  void twoOpeningsHaveOneProbeBetweenThem() {
    breaker.start(Duration.ofSeconds(1));
    answerInTime(20);
    fail("no answer");
    breaker.answeredLate();
    fail("no answer");

    assertThat(scheduler.waiting()).isEqualTo(1);
    scheduler.runNext();
    assertThat(breaker.isClosed()).isTrue();
  }

  @Test
  void aLateAnswerAfterTheEndClosesNothing() {
    breaker.start(Duration.ofSeconds(1));
    answerInTime(20);
    fail("no answer");
    breaker.close();
    breaker.answeredLate();

    assertThat(breaker.isClosed()).isFalse();
  }

  private void answerInTime(int count) {
    for (int i = 0; i < count; i++) {
      breaker.answered();
    }
  }

  @Test
  void goesOnProbingAfterAnError() {
    breaker.start(Duration.ofSeconds(1));
    fail("test");
    duringProbe =
        () -> {
          throw new StackOverflowError("test");
        };
    assertThatCode(scheduler::runNext).doesNotThrowAnyException();
    assertThat(scheduler.waiting()).isEqualTo(1);
    duringProbe = () -> {};
    scheduler.runNext();
    assertThat(breaker.isClosed()).isTrue();
  }

  @Test
  void waitsAtMostItsPatienceAtTheStart() {
    var held = new java.util.concurrent.CountDownLatch(1);
    try (Breaker slow =
        new Breaker(
            () -> awaitUninterruptibly(held),
            Duration.ofMillis(1),
            Executors.newSingleThreadScheduledExecutor(),
            System::nanoTime)) {
      long began = System.nanoTime();
      slow.start(Duration.ofMillis(50));
      assertThat(System.nanoTime() - began).isBetween(50_000_000L, 5_000_000_000L);
      assertThat(slow.isClosed()).isFalse();
      held.countDown();
    }
  }

  @Test
  void staysOpenOnceItIsShut() {
    breaker.start(Duration.ofSeconds(1));
    fail("test");
    breaker.close();
    scheduler.runNext();

    assertThat(breaker.isClosed()).isFalse();
    assertThatCode(() -> fail("later")).doesNotThrowAnyException();
    assertThat(scheduler.waiting()).isZero();
  }

  private static void awaitUninterruptibly(java.util.concurrent.CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
