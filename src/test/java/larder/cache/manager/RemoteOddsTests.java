package larder.cache.manager;

import static org.assertj.core.api.Assertions.assertThat;

import larder.cache.CachedCall.Source;
import larder.cache.log.Position;
import larder.cache.log.Tags;
import larder.cache.log.node.Stamp;
import larder.cache.manager.Look.Missing;
import larder.cache.statistics.Miss;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RemoteOddsTests {

  private static final Look NOTHING = new Missing(Miss.ABSENT);
  private static final Look FOUND =
      new Found("v", Stamp.remote(new Position(1, 1), Tags.NONE), 0, Source.REMOTE, 0);

  private final RemoteOdds odds = new RemoteOdds();

  @Test
  void whereNothingIsKnownOneHitTurnsThem() {
    assertThat(odds.areLow(Miss.ABSENT)).isTrue();
    odds.note(Miss.ABSENT, FOUND);

    assertThat(odds.areLow(Miss.ABSENT)).isFalse();
  }

  @Test
  void whatWasFoundLongAgoIsForgotten() {
    note(1_000, FOUND);
    note(5, NOTHING);
    assertThat(odds.areLow(Miss.ABSENT)).isFalse();
    note(1, NOTHING);
    assertThat(odds.areLow(Miss.ABSENT)).isTrue();

    note(1_000, NOTHING);
    note(5, FOUND);
    assertThat(odds.areLow(Miss.ABSENT)).isTrue();
    note(1, FOUND);
    assertThat(odds.areLow(Miss.ABSENT)).isFalse();
  }

  @Test
  void eachReasonHasItsOwn() {
    note(10, FOUND);

    assertThat(odds.areLow(Miss.ABSENT)).isFalse();
    assertThat(odds.areLow(Miss.INVALIDATED)).isTrue();
  }

  @ParameterizedTest
  @EnumSource(names = {"UNAVAILABLE", "TRANSACTION", "SESSION"})
  void whatSaysNothingOfRedisDoesNotCount(Miss reason) {
    note(1, FOUND);
    note(100, new Missing(reason));

    assertThat(odds.areLow(Miss.ABSENT)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"INVALIDATED", "EXPIRED", "SCHEMA"})
  void whatMayNotBeServedIsAsGoodAsNone(Miss reason) {
    note(1, FOUND);
    note(100, new Missing(reason));

    assertThat(odds.areLow(Miss.ABSENT)).isTrue();
  }

  private void note(int times, Look remote) {
    for (int i = 0; i < times; i++) {
      odds.note(Miss.ABSENT, remote);
    }
  }
}
