package larder.cache.log.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import larder.cache.log.LogRecord.Everything;
import org.junit.jupiter.api.Test;

class RecentChangesTests {

  private final RecentChanges recent = new RecentChanges(/* capacity= */ 2);

  private List<Outstanding> drained() {
    List<Outstanding> drained = new ArrayList<>();
    recent.drainTo(drained::add);
    return drained;
  }

  private static Outstanding change(int number) {
    return new Outstanding(FollowedNode.change(number, "c:users"), 10L * number);
  }

  @Test
  void handsOverWhatNoClaimHasPassed() {
    recent.add(change(1));
    recent.add(change(2));
    recent.passed(20);
    assertThat(drained()).containsExactly(change(2));
    assertThat(drained()).isEmpty();
  }

  @Test
  void meltsBeyondItsCapacityIntoOneAsOfTheLatest() {
    recent.add(change(1));
    recent.add(change(3));
    recent.add(change(2));
    assertThat(drained()).containsExactly(new Outstanding(Everything.RECORD, 30));
  }
}
