package larder.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.time.Duration;
import java.util.List;
import larder.history.HistoryRun.Outcome;
import larder.history.Schedule.Planned;
import larder.history.node.Level;
import larder.history.node.Safeguard;
import larder.history.node.Workload;
import org.junit.jupiter.api.Test;

/** What the checker finds in a layer that lacks one safeguard. */
class SafeguardsIntegrationTests {

  private static final int NODES = 2;

  @Test
  void aValueWithoutTheAsOfOfItsLoadIsFound() throws Exception {
    Schedule quiet = new Schedule(1, List.of());
    Outcome outcome =
        new HistoryRun(
                Level.ANNOTATIONS,
                Safeguard.AS_OF_OFF,
                Workload.SLOW_LOADS,
                NODES,
                Duration.ofSeconds(8),
                quiet)
            .run();
    assertFound(outcome);
  }

  @Test
  void aNodeThatServesWithoutHeartbeatsIsFound() throws Exception {
    Schedule held =
        new Schedule(1, List.of(new Planned(Fault.HOLD_REDIS_LINK, 1_500, 5_500, 1, 0)));
    Outcome outcome =
        new HistoryRun(
                Level.ANNOTATIONS,
                Safeguard.BOUND_OFF,
                Workload.STEADY,
                NODES,
                Duration.ofSeconds(8),
                held)
            .run();
    assertFound(outcome);
  }

  @Test
  void aCommitWhoseNodeDiesBeforeItsAppendIsFoundWithoutTheOutbox() throws Exception {
    assumeThat(Level.BUILT).as("the level that has an outbox").isEqualTo(Level.OUTBOX);
    Schedule killed =
        new Schedule(1, List.of(new Planned(Fault.KILL_NODE_BEFORE_APPEND, 2_000, 4_000, 1, 0)));
    Outcome outcome =
        new HistoryRun(
                Level.OUTBOX,
                Safeguard.OUTBOX_OFF,
                Workload.MIXED,
                NODES,
                Duration.ofSeconds(8),
                killed)
            .run();
    assertFound(outcome);
  }

  private static void assertFound(Outcome outcome) {
    System.out.println(outcome.text());
    assertThat(outcome.verdict().violationCount()).isPositive();
    assertThat(outcome.verdict().violations())
        .isNotEmpty()
        .allSatisfy(
            each -> {
              assertThat(each.row().stamp()).isLessThan(each.expected());
              assertThat(each.own() || each.nanos() > HistoryRun.BOUND.toNanos()).isTrue();
            });
  }
}
