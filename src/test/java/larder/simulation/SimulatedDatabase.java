package larder.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import larder.cache.log.LogRecord.Invalidation;
import larder.cache.log.Tags;
import larder.cache.log.TransactionId;
import larder.simulation.Value.VersionVector;

/**
 * A database of a few versioned rows, with its outbox, which remembers since when each version has
 * to be seen.
 */
final class SimulatedDatabase {

  private record Due(int version, long at) {}

  private final Scheduler scheduler;
  private final boolean outbox;
  private final int[] versions = new int[Scenario.ROWS];
  private final int[] reserved = new int[Scenario.ROWS];
  private final List<List<Due>> due = new ArrayList<>();
  private final List<Invalidation> told = new ArrayList<>();
  private final Map<Long, Integer> published = new HashMap<>();
  private long transactions;

  SimulatedDatabase(Scheduler scheduler, boolean outbox) {
    this.scheduler = scheduler;
    this.outbox = outbox;
    for (int row = 0; row < Scenario.ROWS; row++) {
      due.add(new ArrayList<>());
    }
  }

  VersionVector read() {
    return new VersionVector(versions);
  }

  int version(int row) {
    return versions[row];
  }

  TransactionId begin() {
    return new TransactionId("db/1", ++transactions);
  }

  /** Commits a change of a row: with an outbox, its tags and those of the caller go into it. */
  int commit(TransactionId transaction, int row, Tags named) {
    versions[row] = ++reserved[row];
    if (outbox) {
      if (!named.isEmpty()) {
        told.add(new Invalidation(named, transaction));
      }
      told.add(new Invalidation(Keys.row(row), transaction));
      mustBeSeen(row, versions[row]);
    }
    return versions[row];
  }

  /** Says that the bound for a version begins to run. */
  void mustBeSeen(int row, int version) {
    List<Due> known = due.get(row);
    int before = known.isEmpty() ? 0 : known.get(known.size() - 1).version;
    known.add(new Due(Math.max(before, version), scheduler.now()));
  }

  /** The version that has had to be seen since {@code at} or earlier. */
  int required(int row, long at) {
    List<Due> known = due.get(row);
    for (int i = known.size() - 1; i >= 0; i--) {
      if (known.get(i).at <= at) {
        return known.get(i).version;
      }
    }
    return 0;
  }

  /** The committed outbox rows that the log of this epoch has not had. */
  List<Invalidation> unpublished(long epoch) {
    return List.copyOf(told.subList(published.getOrDefault(epoch, 0), told.size()));
  }

  /** Moves the cursor of a log over rows that it has taken. */
  void published(long epoch, int from, int count) {
    published.merge(epoch, from + count, Math::max);
  }

  int cursor(long epoch) {
    return published.getOrDefault(epoch, 0);
  }
}
