package larder.writebehind;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.PessimisticLockingFailureException;

/**
 * Writes what waits in a buffer to the database, partition by partition, for one thread.
 *
 * <p>A visit to a partition takes its lease, writes batches until there is no more or others are to
 * have a turn, and gives the lease back. So the nodes share the partitions, and those of a dead
 * node are free when its lease is over. The lease spares work; that nothing is written twice is the
 * {@link Batch}'s.
 */
final class BufferReader {

  private static final Logger log = LoggerFactory.getLogger(BufferReader.class);

  /** After so many batches the other partitions have their turn. */
  private static final int MOST_BATCHES = 20;

  private final String name;
  private final List<PartitionStream> streams;
  private final List<Batch> batches;
  private final WriteBehindProperties settings;
  private final Counts counts;
  private final DoubleSupplier random;
  private final AtomicReferenceArray<@Nullable Taken> seen =
      new AtomicReferenceArray<>(Partition.COUNT);
  private @Nullable String said;

  /**
   * @param random draws from 0 to 1
   */
  BufferReader(
      String name,
      List<PartitionStream> streams,
      List<Batch> batches,
      WriteBehindProperties settings,
      Counts counts,
      DoubleSupplier random) {
    this.name = name;
    this.streams = List.copyOf(streams);
    this.batches = List.copyOf(batches);
    this.settings = settings;
    this.counts = counts;
    this.random = random;
  }

  /** Visits every partition once, and returns whether each was left or found empty. */
  boolean turn() {
    List<Integer> order = new ArrayList<>();
    for (int number = 0; number < Partition.COUNT; number++) {
      order.add(number);
    }
    Collections.rotate(order, (int) (random.getAsDouble() * Partition.COUNT));
    boolean empty = true;
    for (int number : order) {
      empty &= visit(number);
    }
    return empty;
  }

  private boolean visit(int number) {
    PartitionStream stream = streams.get(number);
    for (int i = 1; i <= MOST_BATCHES && !Thread.currentThread().isInterrupted(); i++) {
      Taken taken = take(number).orElse(null);
      if (taken == null || taken.entries().isEmpty()) {
        return taken != null && taken.length() == 0;
      } else if (!write(number, taken)) {
        return false;
      }
      boolean more = taken.entries().size() == settings.batchSize();
      stream.remove(taken.entries(), more && i < MOST_BATCHES);
      if (!more) {
        return true;
      }
    }
    return false;
  }

  private Optional<Taken> take(int number) {
    Optional<Taken> taken = streams.get(number).take(settings.lease(), settings.batchSize());
    seen.set(number, taken.orElse(null));
    return taken;
  }

  /** Writes what was taken, and returns whether it may be removed. */
  private boolean write(int number, Taken taken) {
    boolean last = taken.attempts() + 1 >= settings.attempts();
    try {
      Batch.Outcome outcome = batches.get(number).write(taken.entries(), /* isolate= */ last);
      counts.add(outcome);
      if (outcome.buried() > 0) {
        log.warn("{}: {} writes were put aside, see the dead-letter", name, outcome.buried());
      }
      said = null;
      return true;
    } catch (RuntimeException | Error failure) {
      failed(number, taken, failure);
      return false;
    }
  }

  private void failed(int number, Taken taken, Throwable failure) {
    if (failure.getCause() instanceof PessimisticLockingFailureException) {
      streams.get(number).postpone(taken.attempts(), settings.interval());
      return;
    }
    counts.retries.increment();
    String what = Failures.describe(failure);
    if (what.equals(said)) {
      log.debug("{}: a batch is to be tried again", name, failure);
    } else {
      log.warn("{}: a batch is to be tried again: {}", name, what);
      log.debug("{}: its failure", name, failure);
    }
    said = what;
    streams.get(number).postpone(taken.attempts() + 1, pause(taken.attempts()));
  }

  /** Doubles with each attempt, up to the longest; half of it is drawn at random. */
  private Duration pause(int attempts) {
    long doubled = settings.firstRetry().toMillis() << Math.min(attempts, 20);
    long longest = Math.min(doubled, settings.longestRetry().toMillis());
    return Duration.ofMillis(Math.max(1, Math.round(longest * (0.5 + random.getAsDouble() / 2))));
  }

  /** Returns what was seen last of each partition; null where Redis has not answered. */
  List<@Nullable Taken> seen() {
    List<@Nullable Taken> all = new ArrayList<>();
    for (int number = 0; number < Partition.COUNT; number++) {
      all.add(seen.get(number));
    }
    return all;
  }
}
