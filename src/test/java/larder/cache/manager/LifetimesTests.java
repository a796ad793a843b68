package larder.cache.manager;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import larder.cache.near.NearEntry.Life;
import larder.cache.policy.Policy;
import larder.cache.policy.Policy.Renewal;
import org.junit.jupiter.api.Test;

class LifetimesTests {

  private static final Duration TTL = Duration.ofSeconds(80);
  private static final Policy PLAIN = policy(Renewal.DEFAULT);
  private static final Policy SLIDING =
      policy(new Renewal(Duration.ofSeconds(200), 1, Duration.ZERO));
  private static final long COST = Duration.ofMillis(10).toNanos();

  private static Policy policy(Renewal renewal) {
    return new Policy(
        "c", TTL, TTL, 0, 1, true, renewal, true, false, false, Policy.Storing.DEFAULT);
  }

  private static long dueEarly(Policy policy, long leftNanos, long costNanos) {
    return IntStream.range(0, 10_000)
        .filter(i -> Lifetimes.isDueEarly(policy, leftNanos, costNanos))
        .count();
  }

  @Test
  void aLifeEndsWithItsTimeToLive() {
    Life life = Lifetimes.begin(PLAIN, 1_000, TTL, TTL, COST);
    assertThat(Lifetimes.isOver(life, 1_000 + TTL.toNanos() - 1)).isFalse();
    assertThat(Lifetimes.isOver(life, 1_000 + TTL.toNanos())).isTrue();
    assertThat(life.keptNanos()).isEqualTo(life.expiresNanos());
  }

  @Test
  void anExpiredValueIsKeptAsLongAsItMayBeServed() {
    Policy policy = policy(new Renewal(Duration.ZERO, 1, Duration.ofSeconds(9)));
    Life life = Lifetimes.begin(policy, 0, TTL, TTL, COST);
    assertThat(life.keptNanos() - life.expiresNanos()).isEqualTo(Duration.ofSeconds(9).toNanos());
  }

  @Test
  void aSlidingLifeIsRenewedNowAndThenAndNeverBeyondItsEnd() {
    Duration ends = Lifetimes.ends(SLIDING, TTL, /* found= */ true);
    Life life = Lifetimes.begin(SLIDING, 0, TTL, ends, COST);
    assertThat(ends).isEqualTo(Duration.ofSeconds(200));
    assertThat(Lifetimes.isRenewable(SLIDING, life, Duration.ofSeconds(9).toNanos())).isFalse();
    assertThat(Lifetimes.isRenewable(SLIDING, life, Duration.ofSeconds(11).toNanos())).isTrue();

    long late = Duration.ofSeconds(150).toNanos();
    Life last = Lifetimes.begin(SLIDING, late, TTL, Duration.ofSeconds(50), COST);
    assertThat(last.expiresNanos()).isEqualTo(Duration.ofSeconds(200).toNanos());
    assertThat(Lifetimes.isRenewable(SLIDING, last, Duration.ofSeconds(190).toNanos())).isFalse();
  }

  @Test
  void notFoundDoesNotSlide() {
    assertThat(Lifetimes.ends(SLIDING, TTL, /* found= */ false)).isEqualTo(TTL);
  }

  @Test
  void aHitIsLoadedEarlyTheLikelierTheNearerTheEnd() {
    assertThat(dueEarly(PLAIN, Duration.ofSeconds(1).toNanos(), COST)).isZero();
    long oneCostLeft = dueEarly(PLAIN, COST, COST);
    assertThat(oneCostLeft).isBetween(3_200L, 4_200L);
    assertThat(dueEarly(PLAIN, COST / 10, COST)).isGreaterThan(oneCostLeft);
    assertThat(dueEarly(PLAIN, 3 * COST, COST)).isBetween(300L, 700L);
  }

  @Test
  void nothingIsLoadedEarlyWhereThatIsOffOrTheLoadCostNothing() {
    Policy off = policy(new Renewal(Duration.ZERO, 0, Duration.ZERO));
    assertThat(dueEarly(off, 1, COST)).isZero();
    assertThat(dueEarly(PLAIN, 1, 0)).isZero();
    assertThat(dueEarly(SLIDING, 1, COST)).isZero();
  }

  @Test
  void whatAnotherNodeStoredNeverLivesLongerThanThePolicyAllows() {
    assertThat(Lifetimes.left(5_000, 1_000, PLAIN)).isEqualTo(Duration.ofSeconds(4));
    assertThat(Lifetimes.left(Long.MAX_VALUE, 1_000, PLAIN)).isEqualTo(TTL);
    assertThat(Lifetimes.left(500, 1_000, PLAIN)).isNegative();
  }
}
