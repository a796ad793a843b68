package larder.nodes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * Many callers who ask for one missing key at once.
 *
 * @param callers how many
 */
record Stampede(int callers) {

  /** What the load takes, so that callers overlap. */
  private static final Duration LOAD = Duration.ofMillis(100);

  static Stampede of(int callers) {
    return new Stampede(callers);
  }

  /** Runs it, spread over nodes, and returns how many of the callers reached the database. */
  int on(Fleet fleet, List<Node> nodes, long id) {
    int before = reads(nodes, id);
    nodes.forEach(
        node -> node.hooks().afterReading(id, () -> LockSupport.parkNanos(LOAD.toNanos())));
    CountDownLatch ready = new CountDownLatch(callers);
    List<Future<Item>> calls = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      Node node = nodes.get(i % nodes.size());
      calls.add(
          fleet.call(
              () -> {
                ready.countDown();
                Gate.await(ready);
                return node.items().find(id);
              }));
    }
    calls.forEach(Fleet::answer);
    return reads(nodes, id) - before;
  }

  private static int reads(List<Node> nodes, long id) {
    return nodes.stream().mapToInt(node -> node.hooks().reads(id)).sum();
  }
}
