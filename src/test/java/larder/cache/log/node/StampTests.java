package larder.cache.log.node;

import static org.assertj.core.api.Assertions.assertThat;

import larder.cache.log.Position;
import larder.cache.log.Tags;
import org.junit.jupiter.api.Test;

class StampTests {

  private static final Position AS_OF = new Position(2, 5);

  private final Stamp load = Stamp.loaded(new Origin(AS_OF, 100), Tags.of("t:users"), true);

  @Test
  void aLoadIsProvenAndReadAtItsOrigin() {
    assertThat(load.own()).isTrue();
    assertThat(load.originNanos()).isEqualTo(100);
    assertThat(load.readAfter(99)).isTrue();
    assertThat(load.readAfter(100)).isFalse();
  }

  @Test
  void aRemoteValueWasReadAtNoKnownTime() {
    assertThat(Stamp.remote(AS_OF, Tags.NONE).readAfter(Long.MIN_VALUE + 1)).isFalse();
  }

  @Test
  void aLoadTakesOverWhatAConsumedValueDependsOnAndLacks() {
    Stamp part = Stamp.loaded(new Origin(new Position(2, 3), 40), Tags.of("k:users:1"), false);
    Stamp both = load.consuming(part, /* provenNanos= */ 80);
    assertThat(both)
        .isEqualTo(new Stamp(AS_OF, Tags.of("t:users", "k:users:1"), false, true, 80, 40));
    assertThat(load.consuming(part, /* provenNanos= */ 120).originNanos()).isEqualTo(100);
  }

  @Test
  void aLoadThatConsumedARemoteValueWasReadAtNoKnownTime() {
    Stamp both = load.consuming(Stamp.remote(AS_OF, Tags.of("k:users:1")), 90);
    assertThat(both.originNanos()).isEqualTo(90);
    assertThat(both.readAfter(0)).isFalse();
  }
}
