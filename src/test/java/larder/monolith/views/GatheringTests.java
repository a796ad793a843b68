package larder.monolith.views;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is gathered is handed on once, in order and together. */
class GatheringTests {

  private final List<List<Integer>> handedOn = new ArrayList<>();

  private Gathering<Integer> gathering(int most) {
    return new Gathering<>(handedOn::add, most);
  }

  @Test
  void waitsUntilItIsHandedOn() {
    Gathering<Integer> gathering = gathering(10);
    gathering.add(1);
    gathering.add(2);
    assertThat(handedOn).isEmpty();
    gathering.handOn();
    gathering.handOn();
    assertThat(handedOn).containsExactly(List.of(1, 2));
  }

  @Test
  void isHandedOnAtOnceWithoutRoom() {
    Gathering<Integer> gathering = gathering(1);
    gathering.add(1);
    gathering.add(2);
    assertThat(handedOn).containsExactly(List.of(2));
    gathering.handOn();
    assertThat(handedOn).containsExactly(List.of(2), List.of(1));
  }

  @Test
  void isHandedOnInPartsIfThereIsMuch() {
    Gathering<Integer> gathering = gathering(2_000);
    Collections.nCopies(Gathering.MOST_AT_ONCE + 1, 7).forEach(gathering::add);
    gathering.handOn();
    assertThat(handedOn).extracting(List::size).containsExactly(Gathering.MOST_AT_ONCE, 1);
  }
}
