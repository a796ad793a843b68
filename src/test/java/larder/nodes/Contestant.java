package larder.nodes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One cache manager on two nodes, put through the workload that all are compared by. */
final class Contestant {

  /** How long a read is waited for while Redis hangs. */
  private static final Duration LONGEST_HANG = Duration.ofSeconds(25);

  /** Reading and writing pairs under way at once. */
  private static final int AT_ONCE = 8;

  /** After this time what is stale will stay so, until its time to live ends. */
  private static final Duration SETTLING = Duration.ofMillis(2_500);

  private final String name;
  private final Fleet fleet;
  private final Node first;
  private final Node second;
  private final Map<String, String> figures = new LinkedHashMap<>();

  Contestant(String name, Fleet fleet, Node first, Node second) {
    this.name = name;
    this.fleet = fleet;
    this.first = first;
    this.second = second;
  }

  String name() {
    return name;
  }

  /** Returns what was measured, by the name of the figure. */
  Map<String, String> figures() {
    return figures;
  }

  /** Takes note of a figure. */
  void note(String figure, String measured) {
    figures.put(figure, measured);
  }

  /** Has slow reads on one node overlap annotated writes on the other; returns what stays stale. */
  int staleAfterOverlap(int count) {
    List<Long> ids = fleet.newItems(count, "old");
    Semaphore atOnce = new Semaphore(AT_ONCE);
    List<Future<?>> pairs = new ArrayList<>();
    for (long id : ids) {
      atOnce.acquireUninterruptibly();
      pairs.add(
          fleet.run(
              () -> {
                overlap(id);
                atOnce.release();
              }));
    }
    pairs.forEach(Fleet::answer);
    return stale(ids, "new");
  }

  private void overlap(long id) {
    Gate read = new Gate();
    first.hooks().onceAfterReading(id, read::pass);
    Future<Item> reader = fleet.call(() -> first.items().find(id));
    read.awaitReached();
    second.items().write(id, "new");
    read.open();
    Fleet.answer(reader);
  }

  /** Reads each key between the annotated evict and the commit; returns what stays stale. */
  int staleAfterEvictBeforeCommit(int count) {
    List<Long> ids = fleet.newItems(count, "old");
    for (long id : ids) {
      first.items().find(id);
      first
          .transaction()
          .executeWithoutResult(
              status -> {
                first.items().writeInTransaction(id, "new");
                Fleet.answer(fleet.call(() -> second.items().find(id)));
              });
    }
    return stale(ids, "new");
  }

  /** Rolls annotated puts back; returns how many of the values are served afterwards. */
  int servedAfterRollback(int count) {
    List<Long> ids = fleet.newItems(count, "old");
    for (long id : ids) {
      first
          .transaction()
          .executeWithoutResult(
              status -> {
                first.items().put(id, "never");
                status.setRollbackOnly();
              });
    }
    return stale(ids, "old");
  }

  /** Returns the loads of a stampede of 64 callers. */
  int loadsOfAStampede() {
    return Stampede.of(64).on(fleet, List.of(first, second), fleet.newItem("new"));
  }

  /** Returns how long a write on one node stays unseen on the other. */
  Latency invalidation(int count) {
    long id = fleet.newItem("0");
    List<Long> nanos = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      nanos.add(InvalidationLatency.measure(fleet, first, second, id, "" + i));
    }
    return Latency.of(nanos);
  }

  /** Returns how long a repeated read takes. */
  Latency hit(int count) {
    long id = fleet.newItem("warm");
    List<Long> nanos = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long began = System.nanoTime();
      first.items().find(id);
      nanos.add(System.nanoTime() - began);
    }
    return Latency.of(nanos);
  }

  /** What a read did while Redis hung. */
  record HungRead(Duration took, boolean answered) {

    @Override
    public String toString() {
      return Latency.text(took) + (answered ? "" : ", then an exception");
    }
  }

  /** Reads keys while Redis hangs; none after one that was not answered within a second. */
  List<HungRead> readsWhileRedisHangs(List<Long> ids) {
    List<HungRead> reads = new ArrayList<>();
    for (long id : ids) {
      if (reads.isEmpty() || reads.get(0).took().toSeconds() == 0) {
        reads.add(readWhileRedisHangs(id));
      }
    }
    return reads;
  }

  private HungRead readWhileRedisHangs(long id) {
    long began = System.nanoTime();
    Future<Item> read = fleet.call(() -> first.items().find(id));
    boolean answered = false;
    try {
      read.get(LONGEST_HANG.toMillis(), TimeUnit.MILLISECONDS);
      answered = true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException | ExecutionException e) {
      answered = false;
    }
    return new HungRead(Duration.ofNanos(System.nanoTime() - began), answered);
  }

  /** Returns how many keys are still answered wrongly by a node when nothing is on its way. */
  private int stale(List<Long> ids, String expected) {
    long began = System.nanoTime();
    int stale = wrong(ids, expected);
    while (stale > 0 && System.nanoTime() - began < SETTLING.toNanos()) {
      stale = wrong(ids, expected);
    }
    return stale;
  }

  private int wrong(List<Long> ids, String expected) {
    return (int)
        ids.stream()
            .filter(
                id ->
                    !first.items().find(id).text().equals(expected)
                        || !second.items().find(id).text().equals(expected))
            .count();
  }
}
