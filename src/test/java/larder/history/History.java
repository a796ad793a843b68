package larder.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import larder.cache.CachedCall.Source;
import larder.history.node.ReadKind;
import larder.history.node.Stamped;
import larder.history.node.Workload;
import larder.history.node.WriteKind;

/**
 * What was finished and what was seen, and the judgement.
 *
 * <p>A read is stale by the time from the finish of the oldest commit that it does not show to its
 * begin. It must not be stale by more than the bound; and on the node of the writer itself not at
 * all, counted from the return of the writer's call.
 *
 * <p>A read waits for its judgement until whatever was finished before its begin has been told: a
 * node that is stopped tells late. So the memory taken is that of the reads of this while, and of a
 * few words per commit. Thread-safe.
 */
final class History {

  private static final int KEPT_VIOLATIONS = 20;

  private final long boundNanos;
  private final long waitNanos;
  private final LongFunction<List<String>> faultsAt;
  private final Commits[] commits = rows();
  private final Map<Integer, Commits[]> own = new HashMap<>();
  private final Map<Stamped, Author> authors = new HashMap<>();
  private final Set<Cause> causes = new HashSet<>();
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private final Staleness staleness = new Staleness();
  private final Map<ReadKind, Long> reads = new EnumMap<>(ReadKind.class);
  private final Map<Source, Long> sources = new EnumMap<>(Source.class);
  private final Map<WriteKind, Long> writes = new EnumMap<>(WriteKind.class);
  private final List<Violation> violations = new ArrayList<>();
  private long violationCount;
  private long judgedReads;
  private long judgedRows;
  private long failedReads;
  private long failedWrites;

  /**
   * @param boundNanos the bound
   * @param waitNanos how long a read waits for its judgement
   * @param faultsAt what was wrong at an instant
   */
  History(long boundNanos, long waitNanos, LongFunction<List<String>> faultsAt) {
    this.boundNanos = boundNanos;
    this.waitNanos = waitNanos;
    this.faultsAt = faultsAt;
  }

  /** Who wrote a stamp. */
  private record Author(WriteKind kind, int node) {

    String text() {
      return node < 0 ? kind.toString() : "%s on node %d".formatted(kind, node);
    }
  }

  /** Of what is one violation, seen by however many reads. */
  private record Cause(int row, long stamp, int node, boolean own) {}

  private record Waiting(SeenRead read, long dueNanos) {}

  private static Commits[] rows() {
    Commits[] rows = new Commits[Workload.ROWS];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = new Commits();
    }
    return rows;
  }

  /**
   * A write was finished: the bound is counted from here.
   *
   * @param node who wrote; negative for somebody else
   */
  synchronized void finished(WriteKind kind, int node, long nanos, List<Stamped> rows) {
    observed(nanos, rows);
    Author author = new Author(kind, node);
    rows.forEach(row -> authors.put(row, author));
    writes.merge(kind, 1L, Long::sum);
  }

  /** Rows were seen as they are committed by this instant, whoever wrote them. */
  synchronized void observed(long nanos, List<Stamped> rows) {
    rows.forEach(row -> commits[row.id()].add(row.stamp(), nanos));
  }

  /** A writer's call returned, in this life of a node. */
  synchronized void returned(int life, long nanos, List<Stamped> rows) {
    Commits[] here = own.computeIfAbsent(life, any -> rows());
    rows.forEach(row -> here[row.id()].add(row.stamp(), nanos));
  }

  /** A call threw, and is not judged. */
  synchronized void failed(boolean write) {
    failedReads += write ? 0 : 1;
    failedWrites += write ? 1 : 0;
  }

  /** A read was answered; it will be judged. */
  synchronized void read(SeenRead read) {
    long now = System.nanoTime();
    waiting.add(new Waiting(read, now + waitNanos));
    while (!waiting.isEmpty() && waiting.getFirst().dueNanos - now <= 0) {
      judge(waiting.removeFirst().read);
    }
  }

  /** Judges the reads that still wait, since nothing more will be told. */
  synchronized void end() {
    waiting.forEach(each -> judge(each.read));
    waiting.clear();
  }

  /**
   * Whether a read was staler than the bound, by what has been told so far.
   *
   * <p>What is told later makes no commit younger, so such a read stays stale. A read that the
   * writer's own node should have answered better does not count.
   */
  synchronized boolean isBroken() {
    return violations.stream().anyMatch(each -> !each.own())
        || waiting.stream().anyMatch(each -> isStale(each.read));
  }

  private boolean isStale(SeenRead read) {
    return read.rows().stream()
        .anyMatch(row -> staleness(read, row, commits[row.id()]) > boundNanos);
  }

  private static long staleness(SeenRead read, Stamped row, Commits known) {
    long missed = known.oldestNewerThan(row.stamp());
    return missed == Commits.NONE ? 0 : Math.max(0, read.begin() - missed);
  }

  private void judge(SeenRead read) {
    judgedReads++;
    reads.merge(read.kind(), 1L, Long::sum);
    sources.merge(read.source(), 1L, Long::sum);
    Commits[] here = own.get(read.life());
    for (Stamped row : read.rows()) {
      judgedRows++;
      judge(read, row, commits[row.id()], boundNanos, /* isOwn= */ false);
      if (here != null) {
        judge(read, row, here[row.id()], 0, /* isOwn= */ true);
      }
    }
  }

  private void judge(SeenRead read, Stamped row, Commits known, long bound, boolean isOwn) {
    long stale = staleness(read, row, known);
    if (!isOwn) {
      staleness.add(stale);
    }
    if (stale > bound) {
      violationCount++;
      boolean isNew = causes.add(new Cause(row.id(), row.stamp(), read.node(), isOwn));
      if (isNew && violations.size() < KEPT_VIOLATIONS) {
        long expected = known.newestBy(read.begin() - bound);
        List<String> faults = faultsAt.apply(read.begin());
        violations.add(new Violation(read, row, expected, author(row), stale, isOwn, faults));
      }
    }
  }

  /** Who wrote the first stamp that a read did not show. */
  private String author(Stamped seen) {
    Author author = authors.get(new Stamped(seen.id(), seen.stamp() + 1));
    return author == null ? "unknown" : author.text();
  }

  /** Returns the judgement so far. */
  synchronized Verdict verdict() {
    return new Verdict(
        judgedReads,
        judgedRows,
        Map.copyOf(reads),
        Map.copyOf(sources),
        Map.copyOf(writes),
        failedReads,
        failedWrites,
        staleness.worstMillis(),
        staleness.quantileMillis(0.999),
        staleness.freshShare(),
        violationCount,
        List.copyOf(violations));
  }
}
