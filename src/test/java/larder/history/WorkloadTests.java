package larder.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import larder.history.node.Workload;
import org.junit.jupiter.api.Test;

class WorkloadTests {

  private static final long MILLI = 1_000_000;

  @Test
  void aTableRestsForLongerThanTheBound() {
    assertThat(longestRestMillis(0)).isGreaterThan(HistoryRun.BOUND.toMillis() + 1_000);
    assertThat(longestRestMillis(Workload.FIRST_PART))
        .isGreaterThan(HistoryRun.BOUND.toMillis() + 1_000);
  }

  @Test
  void theTablesAreWrittenInTurn() {
    assertThat(LongStream.range(0, Workload.TRACKED.roundMillis()))
        .noneMatch(
            millis -> mayWrite(0, millis * MILLI) && mayWrite(Workload.FIRST_PART, millis * MILLI));
  }

  @Test
  void withoutRoundsARowIsWrittenAtAnyTime() {
    assertThat(LongStream.range(-5_000, 5_000))
        .allMatch(millis -> Workload.MIXED.mayWrite(0, millis * MILLI));
  }

  private static long longestRestMillis(int id) {
    long longest = 0;
    long rest = 0;
    for (long millis = -10_000; millis < 10_000; millis++) {
      rest = mayWrite(id, millis * MILLI) ? 0 : rest + 1;
      longest = Math.max(longest, rest);
    }
    return longest == 20_000 ? 0 : longest;
  }

  private static boolean mayWrite(int id, long nanos) {
    return Workload.TRACKED.mayWrite(id, nanos);
  }
}
