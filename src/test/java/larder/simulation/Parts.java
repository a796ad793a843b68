package larder.simulation;

import java.util.function.LongSupplier;
import larder.cache.log.MemoryLog;
import larder.cache.log.node.FollowerListener;
import larder.cache.log.node.FollowerSettings;
import larder.cache.log.node.JoinRule;
import larder.cache.log.node.LogFollower;
import larder.cache.log.node.ServingRule;
import larder.cache.log.node.Stamp;

/** What a simulated fleet is made of: the layer's own classes, unless a test breaks one of them. */
interface Parts {

  /** Nothing broken. */
  Parts SOUND = new Parts() {};

  default LogFollower follower(FollowerSettings settings, LongSupplier clock) {
    return new LogFollower(settings, clock, FollowerListener.NO_OP);
  }

  default ServingRule servingRule(LogFollower follower) {
    return new ServingRule(follower);
  }

  default JoinRule joinRule(LogFollower follower, ServingRule rule) {
    return new JoinRule(follower, rule);
  }

  default MemoryLog log(long identity, LongSupplier millis, LongSupplier salts, int kept) {
    return new MemoryLog(identity, millis, salts, kept);
  }

  /** Whether a load takes its origin only when it has read. */
  default boolean lateOrigin() {
    return false;
  }

  /** The stamp of a load that consumed a cached value. */
  default Stamp consuming(Stamp load, Stamp part, long provenNanos) {
    return load.consuming(part, provenNanos);
  }

  /** Whether a relay sends its heartbeat although an append was not answered. */
  default boolean heartbeatWithoutAppends() {
    return false;
  }

  /** Whether the record of a commit whose answer was lost carries the transaction's identity. */
  default boolean identifiesUnknownCommits() {
    return false;
  }

  /** Whether a relay fixes the heartbeat's record only after it has read the outbox. */
  default boolean lateHeartbeat() {
    return false;
  }
}
