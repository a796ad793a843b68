package larder.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import larder.dev.servers.RedisServer;
import larder.dev.servers.TestServers;
import larder.limit.Standing.DecidedBy;
import larder.topologies.Link;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/**
 * Redis is killed, hangs, or answers too late: every question is answered, by the stated choice.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class LimitsWithoutRedisIntegrationTests {

  private static final Duration DEADLINE = Duration.ofMillis(500);
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration RECOVERY = Duration.ofSeconds(10);

  private static final Limit LOCAL = Limit.slidingWindow("local", 4, LONG);
  private static final Limit ALLOW =
      new Limit("allow", Algorithm.FIXED_WINDOW, 1, LONG, 1, WhenAway.ALLOW, /* enabled= */ true);

  private RedisServer redis;
  private Link link;
  private LimitNode a;
  private LimitNode b;

  @BeforeEach
  void start() {
    redis = TestServers.separateRedis();
    link = new Link(redis.port());
    a = new LimitNode(link.port(), DEADLINE, List.of(LOCAL, ALLOW));
    b = new LimitNode(link.port(), DEADLINE, List.of(LOCAL, ALLOW));
  }

  @AfterEach
  void stop() {
    a.close();
    b.close();
    link.close();
    redis.close();
  }

  private static void awaitDecidedBy(LimitNode node, DecidedBy who) {
    AtomicInteger others = new AtomicInteger();
    await()
        .atMost(RECOVERY)
        .until(
            () ->
                node.limiter
                        .ask("local", "other-" + others.incrementAndGet())
                        .standings()
                        .get(0)
                        .decidedBy()
                    == who);
  }

  @Test
  void whileRedisHangsEachNodeLimitsByItself(CapturedOutput output) {
    awaitDecidedBy(a, DecidedBy.REDIS);
    awaitDecidedBy(b, DecidedBy.REDIS);
    for (int i = 0; i < 4; i++) {
      a.limiter.ask("local", "ada");
    }
    assertThat(b.limiter.ask("local", "ada").allowed()).isFalse();
    redis.suspend();
    for (LimitNode node : List.of(a, b)) {
      awaitDecidedBy(node, DecidedBy.NODE);
      int allowed = 0;
      for (int i = 0; i < 20; i++) {
        Decision decision = node.limiter.ask("local", "ada");
        assertThat(decision.standings().get(0).decidedBy()).isEqualTo(DecidedBy.NODE);
        allowed += decision.allowed() ? 1 : 0;
      }
      assertThat(allowed).isEqualTo(4);
      assertThat(node.counts.of("local").local().sum()).isGreaterThanOrEqualTo(20);
    }
    redis.resume();
    awaitDecidedBy(a, DecidedBy.REDIS);
    assertThat(a.limiter.ask("local", "ada").allowed()).as("Redis has not forgotten").isFalse();
    assertThat(output)
        .contains("Rate limits hold on this node alone", "Rate limits hold over all nodes again");
  }

  @Test
  void aLimitThatSaysSoLetsAllThroughAndCounts() {
    link.cut();
    awaitDecidedBy(a, DecidedBy.NODE);
    for (int i = 0; i < 20; i++) {
      Decision decision = a.limiter.ask("allow", "ada");
      assertThat(decision.allowed()).isTrue();
      assertThat(decision.standings().get(0).decidedBy()).isEqualTo(DecidedBy.NOBODY);
    }
    assertThat(a.counts.of("allow").away().sum()).isEqualTo(20);
    assertThat(a.counts.of("allow").allowed().sum()).isZero();
    link.mend();
    awaitDecidedBy(a, DecidedBy.REDIS);
    assertThat(a.limiter.ask("allow", "ada").allowed()).isTrue();
    assertThat(a.limiter.ask("allow", "ada").allowed()).isFalse();
    assertThat(a.counts.of("allow").refused().sum()).isEqualTo(1);
  }

  /**
   * Redis has done the work and its answer is late: the node decides, and the call counts there.
   */
  @Test
  void whatRedisAnswersTooLateCounts() {
    AtomicInteger subjects = new AtomicInteger();
    await()
        .atMost(RECOVERY)
        .until(
            () -> {
              awaitDecidedBy(a, DecidedBy.REDIS);
              link.delay(1_500);
              Decision decision = a.limiter.ask("local", "late-" + subjects.incrementAndGet());
              link.mend();
              Standing standing = decision.standings().get(0);
              return standing.decidedBy() == DecidedBy.NODE
                  && standing.remaining() == 3
                  && redis.command("LLEN", standing.key()).equals("1");
            });
    awaitDecidedBy(a, DecidedBy.REDIS);
    Decision next = a.limiter.ask("local", "late-" + subjects.get());
    assertThat(next.standings().get(0).remaining()).isEqualTo(2);
  }

  @Test
  void aRedisThatWasRestartedEmptyBeginsAnew() {
    for (int i = 0; i < 5; i++) {
      a.limiter.ask("local", "ada");
    }
    redis.restart();
    awaitDecidedBy(b, DecidedBy.REDIS);
    assertThat(b.limiter.ask("local", "ada").standings().get(0).remaining()).isEqualTo(3);
  }

  /** Else a Redis that comes and goes would let everybody begin anew each time. */
  @Test
  void whatANodeCountedByItselfGoesOnInTheNextAbsence() {
    for (int absence = 0; absence < 3; absence++) {
      link.cut();
      awaitDecidedBy(a, DecidedBy.NODE);
      assertThat(a.limiter.ask("local", "ada").allowed()).isEqualTo(absence < 2);
      assertThat(a.limiter.ask("local", "ada").allowed()).isEqualTo(absence < 2);
      link.mend();
      awaitDecidedBy(a, DecidedBy.REDIS);
    }
  }

  @Test
  void whatANodeTookByItselfItGivesBack() {
    link.cut();
    awaitDecidedBy(a, DecidedBy.NODE);
    for (int i = 0; i < 20; i++) {
      Decision taken = a.limiter.ask("local", "ada");
      assertThat(taken.allowed()).isTrue();
      a.limiter.giveBack(taken, "local");
    }
  }
}
