package larder.cache.consistency;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import larder.cache.load.Probe.Served;
import larder.cache.log.Position;
import larder.cache.statistics.CacheStatistics;
import larder.cache.statistics.Statistics;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChecksTests {

  private static final Duration BOUND = Duration.ofSeconds(2);
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final int MOST_UNDER_WAY = 8;

  private final Statistics statistics = new Statistics();
  private final CacheStatistics users = statistics.of("users");
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private final List<Duration> delays = new ArrayList<>();
  private long nanos;

  private final Checks checks =
      new Checks(BOUND, this::later, statistics, () -> nanos, Clock.fixed(NOON, ZoneOffset.UTC));

  private void later(Duration after, Runnable task) {
    delays.add(after);
    tasks.add(task);
  }

  /** A call of which the test says what a cache serves and what the method says. */
  private static final class Scripted implements SampledCall {

    @Nullable Object served;
    Position servedAsOf = new Position(1, 5);
    @Nullable Object loaded;
    @Nullable RuntimeException failure;
    boolean failed;
    boolean nothing;

    Scripted(@Nullable Object served, @Nullable Object loaded) {
      this.served = served;
      this.loaded = loaded;
    }

    @Override
    public @Nullable Answer serve() {
      return nothing ? null : new Answer(new Served("users", "42", servedAsOf), served);
    }

    @Override
    public Loaded load() {
      if (failure != null) {
        throw failure;
      }
      return new Loaded(new Position(1, 9), loaded);
    }

    @Override
    public void failed() {
      failed = true;
    }
  }

  private void begin(SampledCall call) {
    checks.begin(call);
    tasks.remove().run();
  }

  private void goOn() {
    tasks.remove().run();
    assertThat(tasks).isEmpty();
  }

  @Test
  void whatSaysTheSameIsCheckedAndOver() {
    begin(new Scripted(List.of("ada"), new ArrayList<>(List.of("ada"))));
    assertThat(users.checks()).isEqualTo(1);
    assertThat(tasks).isEmpty();
    assertThat(checks.isIdle()).isTrue();
    assertThat(checks.mismatches()).isEmpty();
  }

  @Test
  void theOrderOfASetSaysNothing() {
    begin(new Scripted(new java.util.LinkedHashSet<>(List.of("b", "a")), Set.of("a", "b")));
    assertThat(tasks).isEmpty();
  }

  @Test
  void anEntryThatIsStillServedAfterTheBoundIsAMismatch() {
    begin(new Scripted("old", "new"));
    assertThat(users.mismatches()).as("within the bound").isZero();
    assertThat(checks.isIdle()).isFalse();
    assertThat(delays.get(1)).isGreaterThan(BOUND);

    goOn();
    assertThat(users.mismatches()).isEqualTo(1);
    assertThat(users.checks()).isEqualTo(1);
    assertThat(checks.mismatches())
        .containsExactly(new Mismatch("users", "42", new Position(1, 5), new Position(1, 9), NOON));
    assertThat(checks.isIdle()).isTrue();
  }

  @Test
  void aWriteThatComesWithinTheBoundIsNone() {
    Scripted call = new Scripted("old", "new");
    begin(call);
    call.served = "new";
    call.servedAsOf = new Position(1, 8);
    goOn();
    assertThat(users.mismatches()).isZero();
  }

  @Test
  void aValueThatCameBackUnderALaterPositionIsNone() {
    Scripted call = new Scripted("old", "new");
    begin(call);
    call.servedAsOf = new Position(1, 8);
    goOn();
    assertThat(users.mismatches()).isZero();
  }

  @Test
  void anEntryThatIsGoneIsNone() {
    Scripted call = new Scripted("old", "new");
    begin(call);
    call.nothing = true;
    goOn();
    assertThat(users.mismatches()).isZero();
    assertThat(checks.isIdle()).isTrue();
  }

  @Test
  void aMethodThatSaysSomethingElseEachTimeIsNone() {
    Scripted call = new Scripted("one", "two");
    begin(call);
    call.loaded = "three";
    goOn();
    assertThat(users.mismatches()).isZero();
  }

  @Test
  void whatIsNotServedAnyMoreIsNoCheck() {
    Scripted call = new Scripted("old", "new");
    call.nothing = true;
    begin(call);
    assertThat(users.checks()).isZero();
    assertThat(tasks).isEmpty();
    assertThat(checks.isIdle()).isTrue();
  }

  @Test
  void restsAfterAFailure() {
    Scripted call = new Scripted("old", "new");
    call.failure = new IllegalStateException("no database");
    begin(call);
    assertThat(users.checks()).isZero();
    assertThat(call.failed).isTrue();
    assertThat(checks.isIdle()).isTrue();
    assertThat(checks.isReady()).isFalse();
    nanos += Duration.ofSeconds(3).toNanos();
    assertThat(checks.isReady()).isTrue();
  }

  @Test
  void dropsWhatIsTooMuch() {
    for (int i = 0; i < MOST_UNDER_WAY; i++) {
      assertThat(checks.isReady()).isTrue();
      checks.begin(new Scripted("old", "new"));
    }
    assertThat(checks.isReady()).isFalse();
    checks.begin(new Scripted("old", "new"));
    assertThat(tasks).hasSize(MOST_UNDER_WAY);
  }

  @Test
  void keepsTheLastFewMismatches() {
    for (int i = 0; i < 30; i++) {
      Scripted call = new Scripted("old", "new");
      call.servedAsOf = new Position(1, i);
      begin(call);
      goOn();
    }
    assertThat(users.mismatches()).isEqualTo(30);
    assertThat(checks.mismatches()).hasSize(20).element(0).returns(29L, one -> one.served().n());
  }

  @Test
  void keepsOneMismatchOfAnEntryAndCountsAll() {
    for (int i = 0; i < 3; i++) {
      begin(new Scripted("old", "new"));
      goOn();
    }
    assertThat(users.mismatches()).isEqualTo(3);
    assertThat(checks.mismatches()).hasSize(1);
  }
}
