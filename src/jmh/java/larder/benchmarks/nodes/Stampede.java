package larder.benchmarks.nodes;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many callers who ask for one member at once. */
final class Stampede {

  private static final int CALLERS = 64;

  /** What the load takes in addition, so that callers overlap. */
  private static final long LOAD_NANOS = 100_000_000;

  private Stampede() {}

  /** Runs one, spread over nodes, and returns how many of the callers reached the database. */
  static long loads(List<Node> nodes, long id) {
    long before = count(nodes);
    nodes.forEach(node -> node.loads().takeLonger(LOAD_NANOS));
    ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    try {
      CyclicBarrier together = new CyclicBarrier(CALLERS);
      List<Callable<Object>> calls = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        Node node = nodes.get(i % nodes.size());
        calls.add(
            () -> {
              together.await();
              return node.members().find(id);
            });
      }
      for (Future<Object> call : callers.invokeAll(calls)) {
        call.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      callers.shutdown();
      nodes.forEach(node -> node.loads().takeLonger(0));
      nodes.forEach(Node::closeIdleConnections);
    }
    return count(nodes) - before;
  }

  private static long count(List<Node> nodes) {
    return nodes.stream().mapToLong(node -> node.loads().count()).sum();
  }
}
