package larder.cache.log.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import larder.cache.log.Appended;
import larder.cache.log.LogEntry;
import larder.cache.log.LogRecord.Invalidation;
import larder.cache.log.MemoryLog;
import larder.cache.log.Position;
import larder.cache.log.Tags;
import larder.cache.statistics.Observations;
import larder.cache.statistics.Timings;
import org.junit.jupiter.api.Test;

class MeasuredLogTests {

  private static final Invalidation CHANGE = new Invalidation(Tags.of("c:users"), null);
  private static final Duration WAIT = Duration.ofMillis(1);

  private final MemoryLog plain = new MemoryLog(1, () -> 1_000, () -> 1, 1_000);
  private final List<Long> delivered = new ArrayList<>();
  private long nanos = 100;

  private final MeasuredLog log =
      new MeasuredLog(
          plain,
          Observations.NONE,
          new Timings() {
            @Override
            public void delivered(long took) {
              delivered.add(took);
            }
          },
          () -> nanos);

  private Position appended(Position seen) {
    return log.append(seen, CHANGE).position();
  }

  private static Position before(Position position) {
    return new Position(position.epoch(), position.n() - 1);
  }

  @Test
  void timesTheWayOfAnAppendToItsOwnReader() {
    Position own = appended(Position.NOWHERE);
    nanos += 40;
    assertThat(log.await(before(own), 10, WAIT)).hasSize(1);
    assertThat(delivered).containsExactly(40L);
    log.poll(Position.NOWHERE, 10);
    assertThat(delivered).as("met once more").hasSize(1);
  }

  @Test
  void theReaderMayBeFasterThanTheAnswer() {
    Deliveries deliveries = new Deliveries(() -> nanos, delivered::add);
    Position own = new Position(7, 3);
    long begun = nanos;
    nanos += 25;
    deliveries.met(List.of(new LogEntry(own, CHANGE)));
    nanos += 100;
    deliveries.appended(own, begun);
    assertThat(delivered).containsExactly(25L);
  }

  @Test
  void doesNotCountWhatTheReaderPassesOver() {
    Position own = appended(Position.NOWHERE);
    log.await(own, 10, WAIT);
    nanos += 1_000_000;
    log.poll(Position.NOWHERE, 10);
    assertThat(delivered).isEmpty();
  }

  @Test
  void doesNotCountTheRecordsOfOthers() {
    Appended others = plain.append(Position.NOWHERE, CHANGE);
    assertThat(log.poll(before(others.position()), 10).entries()).hasSize(1);
    assertThat(delivered).isEmpty();
  }

  @Test
  void tellsHowFarANodeIsKnownToBeBehind() {
    assertThat(log.lag(Position.NOWHERE)).isZero();
    Position first = appended(Position.NOWHERE);
    Position second = appended(first);
    assertThat(log.lag(second)).isZero();
    assertThat(log.lag(first)).isEqualTo(1);
    assertThat(log.lag(Position.NOWHERE)).as("in no history yet").isEqualTo(second.n());
    assertThat(log.lag(new Position(second.epoch() + 1, 1))).as("in a later history").isZero();
  }
}
