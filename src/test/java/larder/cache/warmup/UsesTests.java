package larder.cache.warmup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UsesTests {

  private final Uses uses = new Uses(3);

  private void add(Object argument, long count) {
    uses.add(List.of(argument), count);
  }

  private Map<String, Double> hottest() {
    return uses.hottest(arguments -> arguments.toString());
  }

  @Test
  void theMostUsedComeFirst() {
    add(1, 2);
    add(2, 5);
    add(1, 1);
    uses.endSpan(1);

    assertThat(hottest().keySet()).containsExactly("[2]", "[1]");
    assertThat(hottest()).containsEntry("[1]", 3.0);
  }

  @Test
  void usesLoseWeightAndAreForgotten() {
    add(1, 8);
    uses.endSpan(0.5);
    uses.endSpan(0.5);
    assertThat(hottest().get("[1]")).isEqualTo(4.0, within(1e-9));

    add(2, 1);
    uses.endSpan(0.25);
    assertThat(hottest()).containsEntry("[1]", 1.0).containsEntry("[2]", 1.0);
    uses.endSpan(0.25);
    assertThat(uses.size()).isZero();
  }

  @Test
  void noMoreAreAskedForThanWanted() {
    for (int i = 0; i < 10; i++) {
      add(i, i + 1);
    }
    uses.endSpan(1);

    assertThat(hottest().keySet()).containsExactly("[9]", "[8]", "[7]");
  }

  @Test
  void whatIsHotNowIsKeptBesideWhatWasHot() {
    for (int i = 0; i < 6; i++) {
      add("old " + i, 1_000);
    }
    uses.endSpan(1);
    for (int span = 0; span < 150; span++) {
      for (int i = 0; i < 3; i++) {
        add("new " + i, 10);
      }
      for (int i = 0; i < 10; i++) {
        add("once " + span + " " + i, 1);
      }
      uses.endSpan(1);
      assertThat(uses.size()).isLessThanOrEqualTo(6);
    }

    assertThat(hottest().keySet()).containsExactlyInAnyOrder("[new 0]", "[new 1]", "[new 2]");
  }

  @Test
  void aSpanTakesNoteOfSoManyAndOfMoreUsesOfThose() {
    for (int i = 0; i < 1_000; i++) {
      add(i, 1);
    }
    add(0, 5);
    add("late", 100);
    uses.endSpan(1);

    assertThat(hottest()).containsEntry("[0]", 6.0).doesNotContainKey("[late]");
    add("late", 100);
    uses.endSpan(1);
    assertThat(hottest()).containsEntry("[late]", 100.0);
  }

  @Test
  void aCallWithoutATextIsLeftOut() {
    add(1, 2);
    add(2, 1);
    uses.endSpan(1);

    assertThat(uses.hottest(arguments -> arguments.contains(1) ? null : "text"))
        .containsOnlyKeys("text");
  }
}
