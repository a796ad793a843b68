package larder.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a node allows by itself, under a clock of the test's own. */
class LocalLimitsTests {

  private static final Duration WINDOW = Duration.ofSeconds(10);

  private final AtomicLong now = new AtomicLong(-5_000_000_000L);
  private final LocalLimits local = new LocalLimits(now::get);

  private static Limit limit(Algorithm algorithm, int limit, int burst) {
    return new Limit("x", algorithm, limit, WINDOW, burst, WhenAway.LOCAL, /* enabled= */ true);
  }

  private boolean ask(Limit limit, String key) {
    return local.ask(List.of(limit), List.of(key)).get(0).allowed();
  }

  /** Asks at random times and returns when it was allowed. */
  private List<Long> drive(Limit limit, int questions, long longestPause) {
    Random random = new Random(42);
    List<Long> allowed = new ArrayList<>();
    for (int i = 0; i < questions; i++) {
      now.addAndGet(random.nextLong(longestPause));
      if (ask(limit, "ada")) {
        allowed.add(now.get());
      }
    }
    return allowed;
  }

  @Test
  void aSlidingWindowIsNeverAboveItsLimit() {
    List<Long> allowed = drive(limit(Algorithm.SLIDING_WINDOW, 7, 7), 5_000, 700_000_000);
    for (int i = 7; i < allowed.size(); i++) {
      assertThat(allowed.get(i) - allowed.get(i - 7)).isGreaterThanOrEqualTo(WINDOW.toNanos());
    }
    assertThat(allowed.size()).isGreaterThan(7 * 5_000 * 350 / 11_000 / 2);
  }

  @Test
  void aBucketIsNeverAboveItsBurstAndRate() {
    List<Long> allowed = drive(limit(Algorithm.TOKEN_BUCKET, 10, 4), 5_000, 400_000_000);
    for (int n = 1; n < 30; n++) {
      for (int i = 4 + n; i < allowed.size(); i++) {
        assertThat(allowed.get(i) - allowed.get(i - 4 - n))
            .isGreaterThanOrEqualTo(n * 1_000_000_000L);
      }
    }
    assertThat(allowed.size()).isGreaterThan(900);
  }

  @Test
  void aFixedWindowBeginsAnewWhenItIsOver() {
    Limit limit = limit(Algorithm.FIXED_WINDOW, 2, 2);
    assertThat(ask(limit, "ada")).isTrue();
    now.addAndGet(WINDOW.toNanos() - 1);
    assertThat(ask(limit, "ada")).isTrue();
    assertThat(ask(limit, "ada")).isFalse();
    now.addAndGet(1);
    assertThat(ask(limit, "ada")).isTrue();
  }

  @Test
  void afterTheTimeThatARefusalTellsThereIsRoom() {
    for (Algorithm algorithm : Algorithm.values()) {
      Limit limit = limit(algorithm, 3, 3);
      String key = algorithm.name();
      while (ask(limit, key)) {
        now.addAndGet(100_000_000);
      }
      Duration wait = local.ask(List.of(limit), List.of(key)).get(0).nextIn();
      now.addAndGet(wait.toNanos() - 1);
      assertThat(ask(limit, key)).as(key).isFalse();
      now.addAndGet(1);
      assertThat(ask(limit, key)).as(key).isTrue();
    }
  }

  @Test
  void ofTwoLimitsBothAreTakenFromOrNone() {
    Limit small = limit(Algorithm.FIXED_WINDOW, 1, 1);
    Limit large = limit(Algorithm.SLIDING_WINDOW, 5, 5);
    for (int i = 0; i < 10; i++) {
      local.ask(List.of(small, large), List.of("small", "large"));
    }
    assertThat(local.ask(List.of(large), List.of("large")).get(0).remaining()).isEqualTo(3);
  }

  @Test
  void whatIsGivenBackCountsNoMoreUnlessItsTimeIsOver() {
    Limit limit = limit(Algorithm.SLIDING_WINDOW, 1, 1);
    Standing first = local.ask(List.of(limit), List.of("ada")).get(0);
    assertThat(ask(limit, "ada")).isFalse();
    local.giveBack(first);
    assertThat(ask(limit, "ada")).isTrue();
    now.addAndGet(2 * WINDOW.toNanos());
    assertThat(ask(limit, "ada")).isTrue();
    local.giveBack(first);
    assertThat(ask(limit, "ada")).isFalse();
  }

  @Test
  void onlySoManySubjectsAreKept() {
    Limit limit = limit(Algorithm.SLIDING_WINDOW, 1, 1);
    ask(limit, "first");
    for (int i = 0; i < 10_000; i++) {
      ask(limit, "subject-" + i);
    }
    assertThat(ask(limit, "first")).isTrue();
    assertThat(ask(limit, "subject-9999")).isFalse();
  }
}
