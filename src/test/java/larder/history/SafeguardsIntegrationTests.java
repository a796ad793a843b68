package larder.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import larder.history.HistoryRun.Outcome;
import larder.history.Schedule.Planned;
import larder.history.node.Level;
import larder.history.node.Safeguard;
import larder.history.node.Workload;
import larder.history.node.WriteKind;
import org.junit.jupiter.api.Test;

/** What the checker finds in a layer that lacks one safeguard. */
class SafeguardsIntegrationTests {

  private static final Planned SILENT_REDIS =
      new Planned(Fault.HOLD_REDIS_LINK, 1_500, 5_500, 1, 0);

  @Test
  void aValueWithoutTheAsOfOfItsLoadIsFound() throws Exception {
    List<Workload> slow = List.of(Workload.SLOW_LOADS, Workload.SLOW_LOADS);
    found(Level.ANNOTATIONS, Safeguard.AS_OF_OFF, slow, /* plainSql= */ false);
  }

  @Test
  void aNodeThatServesWithoutHeartbeatsIsFound() throws Exception {
    List<Workload> steady = List.of(Workload.STEADY, Workload.STEADY);
    found(Level.ANNOTATIONS, Safeguard.BOUND_OFF, steady, /* plainSql= */ false, SILENT_REDIS);
  }

  @Test
  void aNodeThatServesWithoutHeartbeatsOfTheDatabaseIsFound() throws Exception {
    List<Workload> reading = List.of(Workload.READING, Workload.READING);
    List<Violation> violations =
        found(Level.OUTBOX, Safeguard.BOUND_OFF, reading, /* plainSql= */ true, SILENT_REDIS);
    assertThat(violations).allMatch(each -> each.read().node() == 1);
  }

  @Test
  void aChangeByAnotherProgramIsFoundWithoutTheOutbox() throws Exception {
    List<Workload> reading = List.of(Workload.READING);
    found(Level.OUTBOX, Safeguard.OUTBOX_OFF, reading, /* plainSql= */ true);
  }

  @Test
  void aCommitWhoseNodeDiesBeforeItsAppendIsFoundWithoutTheOutbox() throws Exception {
    List<Workload> readerAndWriter = List.of(Workload.READING, Workload.WRITING);
    Planned killed = new Planned(Fault.KILL_NODE_BEFORE_APPEND, 3_000, 4_000, 1, 0);
    List<Violation> violations =
        found(Level.OUTBOX, Safeguard.OUTBOX_OFF, readerAndWriter, /* plainSql= */ false, killed);
    assertThat(violations).allMatch(each -> each.author().endsWith("on node 1"));
    assertThat(violations).noneMatch(each -> each.author().startsWith(WriteKind.PLAIN_SQL.name()));
  }

  private static List<Violation> found(
      Level level, Safeguard off, List<Workload> workloads, boolean plainSql, Planned... faults)
      throws Exception {
    Schedule schedule = new Schedule(1, List.of(faults));
    Duration length = Duration.ofSeconds(8);
    Outcome outcome = new HistoryRun(level, off, workloads, plainSql, length, schedule).run();
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
