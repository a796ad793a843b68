package larder.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import larder.cache.CachedCall.Source;
import larder.history.HistoryRun.Outcome;
import larder.history.node.Level;
import larder.history.node.ReadKind;
import larder.history.node.Safeguard;
import larder.history.node.Workload;
import org.junit.jupiter.api.Test;
import org.springframework.boot.convert.DurationStyle;

/**
 * Three nodes under faults: no read is staler than the bound.
 *
 * <p>{@code -Dlarder.history=10m} is the long run, {@code -Dlarder.history.seed=1} repeats a
 * schedule of faults, {@code -Dlarder.history.level=annotations} names the level.
 */
class HistoryIntegrationTests {

  private static final Duration LENGTH =
      DurationStyle.detectAndParse(System.getProperty("larder.history", "14s"));

  private static final long SEED =
      Long.getLong("larder.history.seed", ThreadLocalRandom.current().nextInt(1_000_000));

  private static final Level LEVEL =
      Level.of(System.getProperty("larder.history.level", Level.BUILT.name()));

  private static final Workload WORKLOAD =
      LEVEL == Level.ANNOTATIONS ? Workload.MIXED : Workload.TRACKED;

  private static final int NODES = 3;

  /** A million reads in ten minutes. */
  private static final double READS_PER_SECOND = 1_000_000 / 600.0;

  @Test
  void noReadIsStalerThanTheBound() throws Exception {
    Schedule schedule = Schedule.of(SEED, LENGTH, NODES, kinds());
    System.out.println("Seed " + SEED + "\n" + schedule.text());
    Outcome outcome =
        new HistoryRun(
                LEVEL,
                Safeguard.ALL_ON,
                Collections.nCopies(NODES, WORKLOAD),
                /* plainSql= */ true,
                LENGTH,
                /* untilBroken= */ false,
                schedule)
            .run();
    System.out.println(outcome.text());
    assertThat(outcome.verdict().violations()).as(outcome.text()).isEmpty();
    assertThat(outcome.faults().values().stream().mapToInt(Integer::intValue).sum())
        .isEqualTo(schedule.faults().size());
    assertThat(outcome.verdict().reads()).containsOnlyKeys(ReadKind.values());
    assertThat(outcome.verdict().sources()).containsOnlyKeys(Source.values());
    assertThat(outcome.verdict().finishedWrites()).isPositive();
    boolean isLong = LENGTH.compareTo(Duration.ofMinutes(1)) >= 0;
    assertThat((double) outcome.verdict().judgedReads())
        .isGreaterThan(LENGTH.toSeconds() * (isLong ? READS_PER_SECOND : READS_PER_SECOND / 10));
  }

  /** Between commit and append nothing is durable below the level that has an outbox. */
  private static Set<Fault> kinds() {
    return LEVEL.boundsCommits()
        ? EnumSet.allOf(Fault.class)
        : EnumSet.complementOf(EnumSet.of(Fault.KILL_NODE_BEFORE_APPEND));
  }
}
