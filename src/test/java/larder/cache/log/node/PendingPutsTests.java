package larder.cache.log.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import larder.cache.log.LogRecord.Invalidation;
import larder.cache.log.Position;
import larder.cache.log.Tags;
import larder.cache.log.TransactionId;
import org.junit.jupiter.api.Test;

class PendingPutsTests {

  private static final TransactionId TRANSACTION = new TransactionId("db", 1);
  private static final long KEY = Tags.hash("k:users:1");

  private final Horizon horizon = new Horizon(1, 0, 1024);
  private final PendingPuts puts = new PendingPuts(/* capacity= */ 2);
  private final List<Stamp> stored = new ArrayList<>();
  private final Tags tags = Tags.of("c:users", "k:users:1", "t:users:1");
  private final Stamp stamp = Stamp.loaded(new Origin(new Position(1, 5), 70), tags, true);
  private final Invalidation own = new Invalidation(Tags.of("k:users:1"), TRANSACTION);

  private void decide(Invalidation record, long n) {
    puts.decide(horizon, new Position(1, n), record);
  }

  @Test
  void storesAsOfItsOwnRecordWhatNobodyElseChanged() {
    puts.add(TRANSACTION, KEY, stamp, stored::add);
    horizon.raise(Tags.of("t:users:2"), 7);
    decide(own, 8);
    assertThat(stored).containsExactly(new Stamp(new Position(1, 8), tags, true, true, 70, 70));
  }

  @Test
  void dropsWhatSomebodyElseChangedSinceTheOrigin() {
    puts.add(TRANSACTION, KEY, stamp, stored::add);
    horizon.raise(Tags.of("t:users:1"), 6);
    decide(own, 8);
    assertThat(stored).isEmpty();
  }

  @Test
  void waitsForTheRecordThatNamesTheKey() {
    puts.add(TRANSACTION, KEY, stamp, stored::add);
    decide(new Invalidation(Tags.of("t:users"), TRANSACTION), 6);
    decide(new Invalidation(Tags.of("k:users:1"), new TransactionId("db", 2)), 7);
    decide(new Invalidation(Tags.of("k:users:1"), null), 8);
    assertThat(stored).isEmpty();
    decide(own, 9);
    assertThat(stored).hasSize(1);
    decide(own, 10);
    assertThat(stored).hasSize(1);
  }

  @Test
  void dropsWhatBelongsToAnotherEpochOrLiesBelowTheFloor() {
    puts.add(TRANSACTION, KEY, stamp, stored::add);
    puts.decide(new Horizon(2, 0, 1024), new Position(2, 8), own);
    puts.add(TRANSACTION, KEY, stamp, stored::add);
    horizon.raiseFloor(6);
    decide(own, 8);
    assertThat(stored).isEmpty();
  }

  @Test
  void forgetsTheDroppedAndWhatExceedsItsCapacity() {
    puts.add(TRANSACTION, KEY, stamp, stored::add);
    puts.drop(TRANSACTION);
    decide(own, 8);
    assertThat(stored).isEmpty();
    for (int i = 0; i < 3; i++) {
      puts.add(TRANSACTION, KEY, stamp, stored::add);
    }
    decide(own, 8);
    assertThat(stored).hasSize(2);
  }
}
