package larder.cache.log.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import larder.cache.log.Position;
import larder.cache.log.Tags;
import org.junit.jupiter.api.Test;

class HorizonTests {

  private static final long EPOCH = 9;

  private final Horizon horizon = new Horizon(EPOCH, /* floor= */ 10, /* slotCount= */ 1024);

  private static Position at(long n) {
    return new Position(EPOCH, n);
  }

  @Test
  void condemnsWhatWasReadBeforeARecordThatNamesItsTag() {
    Tags users = Tags.of("c:users");
    horizon.raise(users, 12);
    assertThat(horizon.condemns(at(11), users)).isTrue();
    assertThat(horizon.condemns(at(11), Tags.of("k:users:1", "c:users"))).isTrue();
    assertThat(horizon.condemns(at(12), users)).isFalse();
    assertThat(horizon.condemns(at(11), Tags.of("c:accounts"))).isFalse();
  }

  @Test
  void keepsTheGreatestNumberOfASlot() {
    Tags users = Tags.of("c:users");
    horizon.raise(users, 15);
    horizon.raise(users, 12);
    assertThat(horizon.condemns(at(14), users)).isTrue();
  }

  @Test
  void condemnsWhatIsBelowTheFloorWhateverItsTags() {
    assertThat(horizon.condemns(at(9), Tags.NONE)).isTrue();
    assertThat(horizon.condemns(at(10), Tags.NONE)).isFalse();
    horizon.raiseFloor(20);
    horizon.raiseFloor(15);
    assertThat(horizon.condemns(at(19), Tags.NONE)).isTrue();
    assertThat(horizon.condemns(at(20), Tags.NONE)).isFalse();
  }

  @Test
  void condemnsWhatBelongsToAnotherEpoch() {
    assertThat(horizon.condemns(new Position(EPOCH - 1, 50), Tags.NONE)).isTrue();
    assertThat(horizon.condemns(new Position(EPOCH + 1, 50), Tags.NONE)).isTrue();
  }

  @Test
  void beginsAtItsFloorAndOnlyAdvances() {
    assertThat(horizon.position()).isEqualTo(at(10));
    horizon.advance(12);
    horizon.advance(11);
    assertThat(horizon.position()).isEqualTo(at(12));
  }

  @Test
  void keepsTheLatestClaim() {
    assertThat(horizon.currentAsOf()).isEqualTo(Horizon.NEVER);
    horizon.claim(-5);
    assertThat(horizon.currentAsOf()).isEqualTo(-5);
    horizon.claim(7);
    horizon.claim(3);
    assertThat(horizon.currentAsOf()).isEqualTo(7);
  }

  /** Compared with a horizon that forgets nothing: a collision may condemn, never acquit. */
  @Test
  void neverAcquitsWhatAnExactHorizonCondemns() {
    SplittableRandom random = new SplittableRandom(3);
    Horizon small = new Horizon(EPOCH, 0, /* slotCount= */ 16);
    long[] exact = new long[40];
    for (long n = 1; n < 5_000; n++) {
      int named = random.nextInt(exact.length);
      small.raise(Tags.of("tag" + named), n);
      exact[named] = n;
      int asked = random.nextInt(exact.length);
      long asOf = Math.max(0, n - random.nextInt(60));
      if (exact[asked] > asOf) {
        assertThat(small.condemns(at(asOf), Tags.of("tag" + asked))).isTrue();
      }
    }
  }

  /** With a summary of two places, each of which many tags fall on. */
  @Test
  void whatTheSummaryDoesNotLetPassIsLookedUpAmongTheSlots() {
    SplittableRandom random = new SplittableRandom(4);
    Horizon two = new Horizon(EPOCH, 0, /* slotCount= */ 256);
    long[] exact = new long[20];
    int acquitted = 0;
    for (long n = 1; n < 5_000; n++) {
      int named = random.nextInt(exact.length);
      two.raise(Tags.of("tag" + named), n);
      exact[named] = n;
      int asked = random.nextInt(exact.length);
      boolean condemned = two.condemns(at(n - 1), Tags.of("tag" + asked));
      assertThat(condemned || asked != named).isTrue();
      acquitted += condemned ? 0 : 1;
    }
    assertThat(acquitted).as("of 4,750 of tags that were not named last").isGreaterThan(4_500);
  }

  @Test
  void tenThousandTagsCondemnFewOthers() {
    Horizon usual = new Horizon(EPOCH, 0, 1 << 20);
    for (int i = 0; i < 10_000; i++) {
      usual.raise(Tags.of("t:users:" + i), 1);
    }
    int condemned = 0;
    for (int i = 10_000; i < 110_000; i++) {
      condemned += usual.condemns(at(0), Tags.of("t:users:" + i)) ? 1 : 0;
    }
    assertThat(condemned).isBetween(1, 400);
  }

  @Test
  void rejectsASizeThatHashesCannotBeSharedAmong() {
    assertThatThrownBy(() -> new Horizon(EPOCH, 0, 1000))
        .hasMessage("The number of slots must be a power of two from 16, was: 1000");
    assertThatThrownBy(() -> new Horizon(EPOCH, 0, 8)).isInstanceOf(IllegalArgumentException.class);
  }

  /**
   * One applier and a reader without a lock. Record n names tag n modulo 16 and is followed by the
   * claim n; so who has seen the claim c must find each value of before c condemned.
   */
  @Test
  void aReaderWhoHasSeenAClaimSeesTheSlotsBehindIt() throws Exception {
    Horizon shared = new Horizon(EPOCH, 0, 1 << 10);
    Tags[] tags = new Tags[16];
    for (int i = 0; i < tags.length; i++) {
      tags[i] = Tags.of("tag" + i);
    }
    ExecutorService reader = Executors.newSingleThreadExecutor();
    try {
      Future<Long> missed = reader.submit(() -> acquittals(shared, tags, 300_000));
      for (long n = 1; n <= 300_000; n++) {
        shared.raise(tags[(int) (n % tags.length)], n);
        shared.advance(n);
        shared.claim(n);
      }
      assertThat(missed.get()).isZero();
    } finally {
      reader.shutdownNow();
    }
  }

  private static long acquittals(Horizon shared, Tags[] tags, long last) throws ExecutionException {
    long missed = 0;
    long claim = 0;
    while (claim < last) {
      claim = shared.currentAsOf();
      if (claim > 0 && !shared.condemns(at(claim - 1), tags[(int) (claim % tags.length)])) {
        missed++;
      }
    }
    return missed;
  }

  @Test
  void tellsTheLastRecordThatNamedOneOfSeveralTags() {
    horizon.raise(Tags.of("c:users"), 12);
    horizon.raise(Tags.of("k:users:1"), 15);
    horizon.raise(Tags.of("k:users:2"), 17);

    assertThat(horizon.named(Tags.of("c:users", "k:users:1"))).isEqualTo(15);
    assertThat(horizon.named(Tags.of("c:users", "k:users:3"))).isEqualTo(12);
    assertThat(horizon.named(Tags.of("c:others"))).isZero();
  }
}
