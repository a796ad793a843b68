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
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
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

  /** One call finds out, and a probe in the background finds no answer either. */
  @Test
  void staysOpenWhileRedisHangs() {
    breaker.start(Duration.ofSeconds(1));
    answerInTime(1_000);
    redisAnswers.set(false);
    fail("no answer");
    for (int i = 0; i < 5; i++) {
      scheduler.runNext();
      assertThat(breaker.isClosed()).isFalse();
      assertThat(scheduler.nextDelay()).isEqualTo(250);
    }
    redisAnswers.set(true);
    scheduler.runNext();
    assertThat(breaker.isClosed()).isTrue();
  }

  @Test
  void aLateAnswerClosesIt() {
    breaker.start(Duration.ofSeconds(1));
    answerInTime(20);
    fail("no answer");
    breaker.answeredLate();

    assertThat(breaker.isClosed()).isTrue();
  }

  /** As of a node that has just started, whose threads still load classes. */
  @Test
  void lateAnswersOfAColdNodeCloseItThoughNoneWasInTime() {
    breaker.start(Duration.ofSeconds(1));
    for (int i = 0; i < 4; i++) {
      fail("no answer");
      breaker.answeredLate();
      assertThat(breaker.isClosed()).as("after %d late answers", i + 1).isTrue();
    }
  }

  /** Each answer takes 60 ms, that to the probe too. */
  @Test
  void aRedisThatIsSlowThroughoutIsFoundOutAfterABoundedNumber() {
    breaker.start(Duration.ofSeconds(1));
    answerInTime(10_000);
    redisAnswers.set(false);
    int waited = 0;
    for (int i = 0; i < 100; i++) {
      if (breaker.isClosed()) {
        fail("no answer");
        waited++;
        breaker.answeredLate();
      }
    }
    assertThat(waited).isEqualTo(5);
    for (int obsolete = 0; obsolete < 4; obsolete++) {
      scheduler.runNext();
    }
    scheduler.runNext();
    breaker.answeredLate();
    assertThat(breaker.isClosed()).isFalse();
    assertThat(scheduler.waiting()).isEqualTo(1);

    redisAnswers.set(true);
    scheduler.runNext();
    assertThat(breaker.isClosed()).isTrue();
  }

  @Test
  void oneLateAnswerInFourIsForgivenForGood() {
    breaker.start(Duration.ofSeconds(1));
    for (int i = 0; i < 1_000; i++) {
      answerInTime(3);
      fail("no answer");
      breaker.answeredLate();
      assertThat(breaker.isClosed()).as("after %d late answers", i + 1).isTrue();
    }
  }

  @Test
  void moreThanOneLateAnswerInFourIsNotForgivenForGood() {
    breaker.start(Duration.ofSeconds(1));
    int forgiven = 0;
    while (breaker.isClosed() && forgiven < 1_000) {
      answerInTime(2);
      fail("no answer");
      breaker.answeredLate();
      forgiven++;
    }
    assertThat(forgiven).isBetween(4, 16);
  }

  /** A million answers in time of yesterday do not make up for those that are late today. */
  @Test
  void answersInTimeOfLongAgoDoNotCount() {
    breaker.start(Duration.ofSeconds(1));
    answerInTime(1_000_000);
    for (int i = 0; i < 4; i++) {
      fail("no answer");
      breaker.answeredLate();
    }
    assertThat(breaker.isClosed()).isTrue();
    fail("no answer");
    breaker.answeredLate();
    assertThat(breaker.isClosed()).isFalse();
  }

  /**
   * The process stands still, as for a collection of garbage, while 32 calls are under way. Their
   * threads find the deadline passed and their answers there, in any order.
   */
  @Test
  void aPauseOfTheProcessCountsAsOneLateAnswer() {
    breaker.start(Duration.ofSeconds(1));
    for (int pause = 0; pause < 4; pause++) {
      long under = breaker.closing();
      for (int call = 0; call < 32; call++) {
        breaker.failed("no answer", under);
        if (call % 3 == pause % 3) {
          breaker.answeredLate();
        }
      }
      for (int call = 0; call < 22; call++) {
        breaker.answeredLate();
      }
      assertThat(breaker.isClosed()).as("after %d pauses", pause + 1).isTrue();
    }
  }

  /** Answers in time that come after it was opened are of calls from before, and count. */
  @Test
  void answersInTimeCountUntilTheLateOneComes() {
    breaker.start(Duration.ofSeconds(1));
    for (int i = 0; i < 4; i++) {
      fail("no answer");
      breaker.answeredLate();
    }
    fail("no answer");
    breaker.answeredLate();
    assertThat(breaker.isClosed()).isFalse();
    answerInTime(3);
    breaker.answeredLate();
    assertThat(breaker.isClosed()).isTrue();
  }

  @Test
  void theProbeOfAnOpeningThatALateAnswerEndedSaysNothing() {
    breaker.start(Duration.ofSeconds(1));
    fail("no answer");
    breaker.answeredLate();
    redisAnswers.set(false);
    scheduler.runNext();

    assertThat(breaker.isClosed()).isTrue();
    assertThat(probes).hasValue(1);
    assertThat(scheduler.waiting()).isZero();
  }

  /** It has been waited for long since nobody was let through in vain; the next asks at once. */
  @Test
  void anOpeningDoesNotWaitForTheProbeOfOneThatALateAnswerEnded() {
    breaker.start(Duration.ofSeconds(1));
    for (int i = 0; i < 4; i++) {
      fail("no answer");
      if (i < 3) {
        scheduler.runNext();
      }
    }
    assertThat(scheduler.nextDelay()).isEqualTo(2_000);
    breaker.answeredLate();
    fail("no answer");

    assertThat(scheduler.waiting()).isEqualTo(2);
    scheduler.runNext();
    assertThat(probes).as("the one of before asks nothing").hasValue(4);
    assertThat(breaker.isClosed()).isFalse();
    assertThat(scheduler.nextDelay()).isZero();
    scheduler.runNext();
    assertThat(breaker.isClosed()).isTrue();
    assertThat(scheduler.waiting()).isZero();
  }

  /** While a probe asks, a late answer closes it, a call opens it, and then the probe fails. */
  @Test
  void openingsDuringAProbeHaveOneProbeBetweenThem() {
    breaker.start(Duration.ofSeconds(1));
    fail("no answer");
    redisAnswers.set(false);
    duringProbe =
        () -> {
          breaker.answeredLate();
          fail("no answer");
        };
    scheduler.runNext();
    duringProbe = () -> {};

    assertThat(breaker.isClosed()).isFalse();
    assertThat(scheduler.waiting()).isEqualTo(1);
    assertThat(scheduler.nextDelay()).isZero();
  }

  /** A closing that came during a probe is not taken for another one: who fails then is heard. */
  @Test
  void aProbeThatEndsAfterALateAnswerIsNoOtherClosing() {
    breaker.start(Duration.ofSeconds(1));
    fail("no answer");
    long[] found = new long[1];
    duringProbe =
        () -> {
          breaker.answeredLate();
          found[0] = breaker.closing();
        };
    scheduler.runNext();
    breaker.failed("no answer", found[0]);

    assertThat(breaker.isClosed()).isFalse();
    assertThat(scheduler.waiting()).isEqualTo(1);
  }

  @Test
  void saysOnceInAWhileThatAnswersAreLateAndNotThatThereAreNone(CapturedOutput output) {
    breaker.start(Duration.ofSeconds(1));
    for (int i = 0; i < 10; i++) {
      answerInTime(3);
      fail("no answer within 40 ms");
      breaker.answeredLate();
      nanos.addAndGet(Duration.ofSeconds(10).toNanos());
    }
    assertThat(output)
        .containsOnlyOnce("cache is ready")
        .contains("1 answers of Redis came too late (no answer within 40 ms)", "7 answers")
        .doesNotContain("2 answers", "6 answers", "8 answers", "Redis does not answer", "again");
  }

  @Test
  void saysThatRedisDoesNotAnswerWhenAProbeHasFoundThatOut(CapturedOutput output) {
    breaker.start(Duration.ofSeconds(1));
    redisAnswers.set(false);
    fail("no answer within 40 ms");
    assertThat(output).doesNotContain("Redis does not answer");
    scheduler.runNext();
    scheduler.runNext();
    assertThat(output).containsOnlyOnce("Redis does not answer (no answer within 40 ms)");
    breaker.answeredLate();
    assertThat(output)
        .containsOnlyOnce("its entries are used again")
        .doesNotContain("too late", "null");
  }

  @Test
  void saysAtOnceThatItStaysOpenIfAnswersAreLateTooOften(CapturedOutput output) {
    breaker.start(Duration.ofSeconds(1));
    for (int i = 0; i < 4; i++) {
      fail("no answer within 40 ms");
      breaker.answeredLate();
    }
    assertThat(output).doesNotContain("Redis does not answer");
    fail("no answer within 40 ms");
    assertThat(output).containsOnlyOnce("Redis does not answer (no answer within 40 ms)");
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
