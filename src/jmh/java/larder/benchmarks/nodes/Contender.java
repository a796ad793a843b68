package larder.benchmarks.nodes;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import larder.benchmarks.Choice;
import larder.dev.servers.Database;
import larder.dev.servers.TestServers;
import larder.topologies.Link;

/** A peer's two nodes on a database of their own; the other's wire to Redis can be slow. */
final class Contender {

  private static final List<String> NAMES =
      List.of(
          Node.BARE,
          "CaffeineCacheManager",
          "JetCache",
          "RedisCacheManager",
          "RedissonSpringCacheManager",
          Node.LARDER);

  private static final int COUNTED = 300;
  private static final int DELAYED = 15;
  private static final int DELAY_MILLIS = 20;

  private final String name;
  private final Node node;
  private final Node other;
  private final Link link;

  Contender(String name) {
    this.name = name;
    Database database = MemberDatabase.create();
    link = new Link(TestServers.redis().port());
    node = Node.start(name, database, TestServers.redis().port());
    other = Node.start(name, database, link.port());
  }

  /** Returns the names of those that are compared: the service alone, peers, and the layer. */
  static List<String> names(String more) {
    return Choice.peers(Stream.concat(NAMES.stream(), Stream.of(more)).toList());
  }

  String name() {
    return name;
  }

  Node node() {
    return node;
  }

  Node other() {
    return other;
  }

  /** A call of a node's service. */
  interface Work {
    void of(Members members);
  }

  /** Returns what Redis does for each call, by command. */
  Map<String, Double> commands(Work work) {
    return RedisCommands.during(
        COUNTED,
        () -> {
          var unused = timed(COUNTED, i -> work.of(node.members()));
        });
  }

  /**
   * Returns how many answers of Redis a call waits for: a slower answer by so much makes a call
   * slower by so much for each.
   */
  double waits(Work work) {
    LongConsumer call = i -> work.of(other.members());
    timed(DELAYED, call);
    double quick = median(timed(DELAYED, call));
    link.delay(DELAY_MILLIS);
    double slow = median(timed(DELAYED, call));
    link.delay(0);
    return Math.max(0, Math.rint((slow - quick) / (DELAY_MILLIS * 1e6)));
  }

  private static double median(long[] nanos) {
    Arrays.sort(nanos);
    return nanos[nanos.length / 2];
  }

  /** Calls one time after the other, and returns what each took in nanoseconds. */
  static long[] timed(int count, LongConsumer call) {
    return timed(count, i -> {}, call);
  }

  /** As {@link #timed(int, LongConsumer)}, with something before each call that is not timed. */
  static long[] timed(int count, LongConsumer before, LongConsumer call) {
    long[] nanos = new long[count];
    for (int i = 0; i < count; i++) {
      before.accept(i);
      long began = System.nanoTime();
      call.accept(i);
      nanos[i] = System.nanoTime() - began;
    }
    return nanos;
  }
}
