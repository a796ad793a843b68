package larder.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import larder.history.Schedule.Planned;
import org.junit.jupiter.api.Test;

class ScheduleTests {

  private static final Duration LENGTH = Duration.ofMinutes(10);

  private final Schedule schedule = Schedule.of(1, LENGTH, 3, EnumSet.allOf(Fault.class));

  @Test
  void aSeedTellsTheSameFaultsAgain() {
    assertThat(Schedule.of(1, LENGTH, 3, EnumSet.allOf(Fault.class))).isEqualTo(schedule);
    assertThat(Schedule.of(2, LENGTH, 3, EnumSet.allOf(Fault.class)).faults())
        .isNotEqualTo(schedule.faults());
  }

  @Test
  void everyKindComesUpSeveralTimes() {
    for (Fault kind : Fault.values()) {
      assertThat(schedule.faults()).filteredOn(each -> each.fault() == kind).hasSizeGreaterThan(3);
    }
  }

  @Test
  void onlyTheKindsAskedForComeUp() {
    assertThat(Schedule.of(1, LENGTH, 3, EnumSet.of(Fault.STOP_NODE, Fault.KILL_NODE)).faults())
        .extracting(Planned::fault)
        .containsOnly(Fault.STOP_NODE, Fault.KILL_NODE);
  }

  @Test
  void noMoreThanTwoAreThereAtOnceAndTheseInTwoPlaces() {
    for (Planned one : schedule.faults()) {
      List<Planned> meanwhile =
          schedule.faults().stream()
              .filter(other -> !other.equals(one))
              .filter(other -> other.beginMillis() < one.endMillis())
              .filter(other -> one.beginMillis() < other.endMillis())
              .toList();
      assertThat(meanwhile).hasSizeLessThan(2);
      assertThat(meanwhile).allMatch(other -> other.fault().place() != one.fault().place());
    }
  }

  @Test
  void allAreOverWhenTheRunEnds() {
    assertThat(schedule.faults()).allMatch(each -> each.endMillis() < LENGTH.toMillis());
    assertThat(schedule.faults()).allMatch(each -> each.node() >= 0 && each.node() < 3);
  }
}
