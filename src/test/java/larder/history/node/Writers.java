package larder.history.node;

import static larder.history.node.Workload.FIRST_PART;
import static larder.history.node.Workload.ROWS;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import larder.cache.log.node.LogFollower;
import org.springframework.stereotype.Component;

/**
 * The writing callers of a node.
 *
 * <p>When a write is finished depends on the level: when its COMMIT was answered, or when nothing
 * that this node has changed waits for the log's acknowledgement. A write whose call throws has an
 * unknown outcome and is never told of.
 */
@Component
class Writers {

  /** How much more often a write of single rows comes than one of any rows. */
  private static final int NARROW = 3;

  private final Stamps stamps;
  private final LogFollower follower;
  private final Workload workload;
  private final Level level;
  private final Journal journal;
  private final Ending ending;
  private final List<WriteKind> kinds;

  Writers(
      Stamps stamps,
      LogFollower follower,
      Workload workload,
      Level level,
      Journal journal,
      Ending ending) {
    this.stamps = stamps;
    this.follower = follower;
    this.workload = workload;
    this.level = level;
    this.journal = journal;
    this.ending = ending;
    this.kinds =
        Stream.of(WriteKind.values())
            .filter(kind -> level.writes(kind) && kind != WriteKind.PLAIN_SQL)
            .flatMap(kind -> Collections.nCopies(kind.isWide() ? 1 : NARROW, kind).stream())
            .toList();
  }

  /** Writes until the end. */
  void run() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    List<Writing> unacknowledged = new ArrayList<>();
    while (!ending.isReached()) {
      int id = random.nextInt(ROWS);
      if (workload.mayWrite(id, System.nanoTime())) {
        write(kinds.get(random.nextInt(kinds.size())), id, unacknowledged);
      }
      if (!unacknowledged.isEmpty() && follower.outstanding().isEmpty()) {
        long nanos = System.nanoTime();
        unacknowledged.forEach(each -> journal.finished(each.kind(), nanos, each.rows()));
        unacknowledged.clear();
      }
      LockSupport.parkNanos(
          TimeUnit.MICROSECONDS.toNanos(random.nextLong(2 * workload.writePauseMicros())));
    }
  }

  private void write(WriteKind kind, int id, List<Writing> unacknowledged) {
    Writing writing = Writing.begin(kind, this::committed);
    try {
      call(kind, id, writing);
      if (level.showsOwn(kind)) {
        journal.returned(kind, System.nanoTime(), writing.rows());
      }
      if (!level.boundsCommits()) {
        unacknowledged.add(writing);
      }
    } catch (RuntimeException e) {
      journal.failed(/* write= */ true);
    } finally {
      Writing.end();
    }
  }

  private void call(WriteKind kind, int id, Writing writing) {
    switch (kind) {
      case ANNOTATED -> annotated(id, writing);
      case FORGETFUL -> stamps.raiseForgetful(id, writing);
      case BULK -> stamps.raiseInBulk(id, writing);
      case NATIVE -> stamps.raiseNatively(id, writing);
      case PLAIN_SQL -> throw new IllegalArgumentException("A node writes no plain SQL");
    }
  }

  private void annotated(int id, Writing writing) {
    if (id < FIRST_PART) {
      stamps.raiseItemAnnotated(id, Stamps.bucketOf(id), writing);
    } else {
      stamps.raisePartAnnotated(id, Stamps.ownerOf(id), writing);
    }
  }

  private void committed(Writing writing, long sentNanos, long finishedNanos) {
    if (level.boundsCommits()) {
      journal.finished(writing.kind(), finishedNanos, writing.rows());
    }
    if (ending.disarm()) {
      journal.stuck();
      while (true) {
        LockSupport.park();
      }
    }
  }
}
