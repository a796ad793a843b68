package larder.topologies;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Callers who read the same items on all nodes without a pause, one by one and all together, and
 * note every answer.
 *
 * <p>An answer is staler than the bound if the version in it had been replaced for longer than the
 * bound when the call was <em>made</em>; whatever happened during the call only makes it fresher.
 */
final class Watch implements AutoCloseable {

  private static final long PAUSE_MICROS = 500;

  private final Prices prices;
  private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final List<Thread> callers;
  private volatile boolean running = true;

  /** An answer and who gave it. */
  record Seen(String node, String item, Node.Answer answer, long staleNanos) {

    long staleMillis() {
      return staleNanos / 1_000_000;
    }
  }

  private Watch(Prices prices, List<Node> nodes, List<String> items, int callersPerNode) {
    this.prices = prices;
    this.callers =
        nodes.stream()
            .flatMap(node -> Stream.generate(() -> node).limit(callersPerNode))
            .map(node -> new Thread(() -> call(node, items), "caller"))
            .collect(Collectors.toCollection(ArrayList::new));
    nodes.forEach(node -> callers.add(new Thread(() -> callAll(node, items), "caller of all")));
  }

  static Watch over(Prices prices, List<Node> nodes, List<String> items) {
    Watch watch = new Watch(prices, nodes, items, /* callersPerNode= */ 3);
    watch.callers.forEach(Thread::start);
    return watch;
  }

  private void call(Node node, List<String> items) {
    try {
      while (running) {
        for (String item : items) {
          see(node, item, node.read(item));
          TimeUnit.MICROSECONDS.sleep(PAUSE_MICROS);
        }
      }
    } catch (Throwable e) {
      failures.add(e);
    }
  }

  private void callAll(Node node, List<String> items) {
    try {
      while (running) {
        Map<String, Node.Answer> answers = node.readAll(items);
        assertThat(answers.keySet()).containsExactlyInAnyOrderElementsOf(items);
        answers.forEach((item, answer) -> see(node, item, answer));
        TimeUnit.MICROSECONDS.sleep(PAUSE_MICROS);
      }
    } catch (Throwable e) {
      failures.add(e);
    }
  }

  private void see(Node node, String item, Node.Answer answer) {
    long stale = prices.staleNanos(item, answer.version(), answer.calledNanos());
    seen.add(new Seen(node.name(), item, answer, stale));
  }

  /** Returns the answers to calls made from one instant to another. */
  List<Seen> between(long fromNanos, long toNanos) {
    return seen.stream()
        .filter(one -> one.answer.calledNanos() - fromNanos >= 0)
        .filter(one -> one.answer.calledNanos() - toNanos < 0)
        .toList();
  }

  /** All calls were answered, none by an exception. */
  void everyCallWasAnswered() {
    assertThat(failures).isEmpty();
    assertThat(seen).isNotEmpty();
  }

  /** No answer of these nodes to a call made between two instants was staler than this. */
  void nothingWasStalerThan(Duration bound, long fromNanos, long toNanos, String... nodes) {
    assertThat(between(fromNanos, toNanos))
        .filteredOn(one -> List.of(nodes).contains(one.node))
        .filteredOn(one -> one.staleNanos > bound.toNanos())
        .as("answers staler than " + bound)
        .isEmpty();
  }

  @Override
  public void close() {
    stop();
  }

  /** Ends the calls; what was seen stays to be judged. */
  void stop() {
    running = false;
    for (Thread caller : callers) {
      try {
        caller.join(5_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
