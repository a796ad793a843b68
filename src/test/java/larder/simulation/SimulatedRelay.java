package larder.simulation;

import java.util.List;
import larder.cache.log.LogRecord.Heartbeat;
import larder.cache.log.LogRecord.Invalidation;
import larder.cache.log.node.LogFollower;
import larder.cache.log.node.Sending;

/** A relay of the outbox, on one of the nodes: fix, read, append, beat. */
final class SimulatedRelay extends SimulatedProcess {

  private final SimulatedNode host;

  SimulatedRelay(World world, SimulatedNode host) {
    super(world);
    this.host = host;
  }

  void start() {
    after(scheduler().between(0, 10), this::turn);
  }

  private void again() {
    after(scheduler().between(6, 14), this::turn);
  }

  private void turn() {
    Heartbeat heartbeat = host.follower().heartbeat(SimulatedNode.DATABASE);
    long epoch = heartbeat.before().epoch();
    after(
        scheduler().latency(),
        () -> {
          int from = world().database().cursor(epoch);
          List<Invalidation> rows = world().database().unpublished(epoch);
          after(scheduler().latency(), () -> append(heartbeat, from, rows, 0));
        });
  }

  private void append(Heartbeat heartbeat, int from, List<Invalidation> rows, int next) {
    long epoch = heartbeat.before().epoch();
    if (next == rows.size()) {
      world().database().published(epoch, from, rows.size());
      beat(heartbeat);
      return;
    }
    LogFollower follower = host.follower();
    Sending sending = follower.send(rows.get(next), /* committedNanos= */ 0);
    host.append(
        sending,
        () -> {},
        reply -> {
          if (host.follower() == follower && reply.position().epoch() == epoch) {
            after(pause(), () -> append(heartbeat, from, rows, next + 1));
          } else {
            again();
          }
        },
        () -> {
          if (world().parts().heartbeatWithoutAppends()) {
            beat(heartbeat);
          } else {
            again();
          }
        });
  }

  /** A relay may stop between any two rows of a transaction. */
  private long pause() {
    return scheduler().chance(0.2) ? scheduler().latency() : 0;
  }

  private void beat(Heartbeat heartbeat) {
    boolean late = world().parts().lateHeartbeat();
    Heartbeat sent = late ? host.follower().heartbeat(SimulatedNode.DATABASE) : heartbeat;
    host.beat(sent, reply -> {}, () -> {});
    again();
  }
}
