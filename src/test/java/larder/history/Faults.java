package larder.history;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import larder.history.Schedule.Planned;
import org.jspecify.annotations.Nullable;

/** The one who makes faults and mends them, and keeps a record of it. */
final class Faults {

  private final Servers servers;
  private final List<NodeProcess> nodes;
  private final List<Happened> happened;

  /**
   * @param happened where the record is kept; safe for use by several threads
   */
  Faults(Servers servers, List<NodeProcess> nodes, List<Happened> happened) {
    this.servers = servers;
    this.nodes = nodes;
    this.happened = happened;
  }

  /**
   * A fault that was made.
   *
   * @param begin when it was begun to be made
   * @param end when it was mended; null while it lasts
   */
  record Happened(Planned planned, long begin, @Nullable Long end) {

    /** Whether it was there, or over for less than a few seconds. */
    boolean touches(long nanos) {
      return begin - nanos <= 0 && (end == null || end + TimeUnit.SECONDS.toNanos(3) - nanos >= 0);
    }

    String text() {
      return planned.fault() + " (node " + planned.node() + ")";
    }
  }

  /**
   * Makes a fault, lets it last, mends it, and returns when everything runs again.
   *
   * <p>What mends slowly may reach into the time of the next fault; in the same place that waits.
   */
  void run(Planned planned) throws InterruptedException {
    make(planned.fault() == Fault.STOP_RELAY ? planned.at(relay(planned.node())) : planned);
  }

  private void make(Planned planned) throws InterruptedException {
    NodeProcess node = nodes.get(planned.node());
    synchronized (place(planned.fault(), node)) {
      Happened begun = new Happened(planned, System.nanoTime(), null);
      happened.add(begun);
      begin(planned, node);
      TimeUnit.MILLISECONDS.sleep(planned.millis());
      mend(planned, node);
      happened.set(
          happened.indexOf(begun), new Happened(planned, begun.begin(), System.nanoTime()));
    }
  }

  private Object place(Fault fault, NodeProcess node) {
    return switch (fault.place()) {
      case NODE -> node;
      case REDIS -> servers.redis();
      case POSTGRES -> servers;
      case LINK -> fault.name().endsWith("REDIS_LINK") ? node.toRedis() : node.toPostgres();
    };
  }

  private void begin(Planned planned, NodeProcess node) throws InterruptedException {
    switch (planned.fault()) {
      case KILL_NODE -> node.kill();
      case KILL_NODE_BEFORE_APPEND -> node.killBeforeAppend();
      case STOP_NODE, STOP_RELAY -> node.suspend();
      case STOP_REDIS -> servers.redis().suspend();
      case EMPTY_REDIS -> servers.redis().kill();
      case RESTORE_REDIS -> saveAndKillRedis();
      case RESTART_POSTGRES -> servers.stopPostgres();
      case CRASH_POSTGRES -> servers.crashPostgres();
      case CUT_REDIS_LINK -> node.toRedis().cut();
      case HOLD_REDIS_LINK -> node.toRedis().hold();
      case DELAY_REDIS_LINK -> node.toRedis().delay(planned.delayMillis());
      case CUT_POSTGRES_LINK -> node.toPostgres().cut();
      case HOLD_POSTGRES_LINK -> node.toPostgres().hold();
      case DELAY_POSTGRES_LINK -> node.toPostgres().delay(planned.delayMillis());
    }
  }

  private void mend(Planned planned, NodeProcess node) throws InterruptedException {
    switch (planned.fault()) {
      case KILL_NODE, KILL_NODE_BEFORE_APPEND -> {
        node.launch();
        node.awaitRunning();
        node.go();
      }
      case STOP_NODE, STOP_RELAY -> node.resume();
      case STOP_REDIS -> servers.redis().resume();
      case EMPTY_REDIS -> servers.redis().startEmpty();
      case RESTORE_REDIS -> servers.redis().start();
      case RESTART_POSTGRES, CRASH_POSTGRES -> servers.startPostgres();
      case CUT_REDIS_LINK, HOLD_REDIS_LINK, DELAY_REDIS_LINK -> node.toRedis().mend();
      case CUT_POSTGRES_LINK, HOLD_POSTGRES_LINK, DELAY_POSTGRES_LINK -> node.toPostgres().mend();
    }
  }

  private void saveAndKillRedis() throws InterruptedException {
    servers.redis().command("SAVE");
    TimeUnit.MILLISECONDS.sleep(300);
    servers.redis().kill();
  }

  private int relay(int otherwise) {
    int relay = servers.relay();
    return relay < 0 ? otherwise : relay;
  }

  /** Returns what was wrong at an instant, for who judges it. */
  static List<String> at(long nanos, List<Happened> happened) {
    return happened.stream().filter(each -> each.touches(nanos)).map(Happened::text).toList();
  }

  /** Returns what was made, as lines. */
  static String text(List<Happened> happened) {
    StringBuilder text = new StringBuilder();
    happened.forEach(each -> text.append(each.planned().text()).append('\n'));
    return text.toString();
  }

  /** Returns how often each kind was made. */
  static Map<Fault, Integer> counts(List<Happened> happened) {
    Map<Fault, Integer> counts = new EnumMap<>(Fault.class);
    for (Happened each : new ArrayList<>(happened)) {
      counts.merge(each.planned().fault(), 1, Integer::sum);
    }
    return new TreeMap<>(counts);
  }
}
