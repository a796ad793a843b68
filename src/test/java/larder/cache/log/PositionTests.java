package larder.cache.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PositionTests {

  @Test
  void reachesWhatLiesAtOrBeforeItInTheSameEpoch() {
    Position position = new Position(3, 5);
    assertThat(position.reaches(new Position(3, 5))).isTrue();
    assertThat(position.reaches(new Position(3, 4))).isTrue();
    assertThat(position.reaches(new Position(3, 6))).isFalse();
  }

  @Test
  void reachesNothingOfAnotherEpoch() {
    assertThat(new Position(3, 5).reaches(new Position(2, 1))).isFalse();
    assertThat(new Position(3, 5).reaches(new Position(4, 1))).isFalse();
  }

  @Test
  void isOrderedByEpochAndThenByNumber() {
    assertThat(new Position(3, 1)).isGreaterThan(new Position(2, 9));
    assertThat(new Position(3, 2)).isGreaterThan(new Position(3, 1));
    assertThat(Position.NOWHERE).isLessThan(new Position(1, 0));
  }

  @Test
  void readsWhatItPrints() {
    Position position = new Position(1_763_712_000_000_123L, 42);
    assertThat(position).hasToString("1763712000000123-42");
    assertThat(Position.parse(position.toString())).isEqualTo(position);
  }

  @Test
  void rejectsWhatIsNoPosition() {
    assertThatThrownBy(() -> new Position(-1, 0))
        .hasMessage("A position must not be negative, was: -1-0");
    assertThatThrownBy(() -> Position.parse("17"))
        .hasMessage("A position must read <epoch>-<n>, was: 17");
  }
}
