package larder.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import larder.history.HistoryRun.Outcome;
import larder.history.Schedule.Planned;
import larder.history.node.Level;
import larder.history.node.Safeguard;
import larder.history.node.Workload;
import org.junit.jupiter.api.Test;

/** What the checker finds in a layer that lacks one safeguard, and ends its run with. */
class SafeguardsIntegrationTests {

  private static final Duration LONGEST = Duration.ofSeconds(40);
  private static final int LASTING_MILLIS = 40_000;

  @Test
  void aValueWithoutTheAsOfOfItsLoadIsFound() throws Exception {
    List<Workload> slow = List.of(Workload.SLOW_LOADS, Workload.SLOW_LOADS);
    found(Level.ANNOTATIONS, Safeguard.AS_OF_OFF, slow, /* plainSql= */ false);
  }

  @Test
  void aNodeThatServesWithoutHeartbeatsIsFound() throws Exception {
    List<Workload> reading = List.of(Workload.READING, Workload.READING);
    Planned silent = new Planned(Fault.HOLD_REDIS_LINK, 1_000, LASTING_MILLIS, 1, 0);
    List<Violation> violations =
        found(Level.OUTBOX, Safeguard.BOUND_OFF, reading, /* plainSql= */ true, silent);
    assertThat(violations).allMatch(each -> each.read().node() == 1);
  }

  @Test
  void aChangeByAnotherProgramIsFoundWithoutTheOutbox() throws Exception {
    List<Workload> reading = List.of(Workload.READING);
    found(Level.OUTBOX, Safeguard.OUTBOX_OFF, reading, /* plainSql= */ true);
  }

  /** Killed again, since the first commit may be of a row that the reader has not read before. */
  @Test
  void aCommitWhoseNodeDiesBeforeItsAppendIsFoundWithoutTheOutbox() throws Exception {
    List<Workload> readerAndWriter = List.of(Workload.READING, Workload.WRITING);
    List<Violation> violations =
        found(
            Level.OUTBOX,
            Safeguard.OUTBOX_OFF,
            readerAndWriter,
            /* plainSql= */ false,
            killed(3_000),
            killed(13_000),
            killed(23_000));
    assertThat(violations).allMatch(each -> each.author().endsWith("on node 1"));
  }

  private static Planned killed(int atMillis) {
    return new Planned(Fault.KILL_NODE_BEFORE_APPEND, atMillis, 6_000, 1, 0);
  }

  private static List<Violation> found(
      Level level, Safeguard off, List<Workload> workloads, boolean plainSql, Planned... faults)
      throws Exception {
    Schedule schedule = new Schedule(1, List.of(faults));
    Outcome outcome =
        new HistoryRun(level, off, workloads, plainSql, LONGEST, /* untilBroken= */ true, schedule)
            .run();
    System.out.println(outcome.text());
    List<Violation> violations = outcome.verdict().violations();
    assertThat(violations)
        .isNotEmpty()
        .allSatisfy(
            each -> {
              assertThat(each.row().stamp()).isLessThan(each.expected());
              assertThat(each.own() || each.nanos() > HistoryRun.BOUND.toNanos()).isTrue();
            });
    return violations;
  }
}
