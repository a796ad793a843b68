package larder.cache.log.node;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import larder.cache.log.Appended;
import larder.cache.log.InvalidationLog;
import larder.cache.log.LogRecord;
import larder.cache.log.LogRecord.Heartbeat;
import larder.cache.log.LogRecord.Invalidation;
import larder.cache.log.Polled;
import larder.cache.log.Position;
import larder.cache.log.Source;
import larder.cache.log.Tags;
import larder.cache.log.TransactionId;

/** A node whose every step a test takes itself, at a time that the test sets. */
final class FollowedNode {

  static final long BOUND = 2_000;
  static final int LIMIT = 5;

  private final AtomicLong millis;
  final LogFollower follower;
  final ServingRule rule;
  final JoinRule join;
  InvalidationLog log;

  FollowedNode(InvalidationLog log, AtomicLong millis, Source relyingOn) {
    this(
        log,
        millis,
        new LogFollower(
            new FollowerSettings(Duration.ofMillis(BOUND), 1 << 12, relyingOn),
            () -> millis.get() * 1_000_000,
            FollowerListener.NO_OP));
  }

  FollowedNode(InvalidationLog log, AtomicLong millis, LogFollower follower) {
    this.log = log;
    this.millis = millis;
    this.follower = follower;
    this.rule = new ServingRule(follower);
    this.join = new JoinRule(follower, rule);
  }

  FollowedNode(InvalidationLog log, AtomicLong millis) {
    this(log, millis, Source.LOG);
  }

  static Invalidation change(int transaction, String... tags) {
    return new Invalidation(Tags.of(tags), new TransactionId("db", transaction));
  }

  long nanos() {
    return millis.get() * 1_000_000;
  }

  /** Polls until the log has no more. */
  void poll() {
    boolean more = true;
    while (more) {
      more = pollOnce().truncated();
    }
  }

  Polled pollOnce() {
    Poll poll = follower.poll();
    Polled reply = log.poll(poll.cursor(), LIMIT);
    follower.polled(poll, reply);
    return reply;
  }

  /** Appends and has the answer. */
  boolean append(LogRecord record) {
    Sending sending = send(record);
    return follower.answered(sending, execute(sending));
  }

  Sending send(LogRecord record) {
    return follower.send(record, nanos());
  }

  Appended execute(Sending sending) {
    return log.append(sending.seen(), sending.record());
  }

  /** Begins and appends a heartbeat, and has the answer. */
  boolean beat(Source source) {
    Heartbeat heartbeat = follower.heartbeat(source);
    Sending sending = send(heartbeat);
    Appended reply = log.heartbeat(sending.seen(), heartbeat);
    follower.answered(sending, reply);
    return reply.accepted();
  }

  /** Becomes current: opens a history if there is none, polls, and hears two heartbeats. */
  void becomeCurrent() {
    for (int i = 0; i < 3; i++) {
      beat(Source.LOG);
      poll();
    }
  }

  Stamp loaded(String... tags) {
    return Stamp.loaded(follower.origin(), Tags.of(tags), /* complete= */ true);
  }

  /** The value of a load as another node finds it. */
  static Stamp shared(Stamp loaded) {
    return Stamp.remote(loaded.asOf(), loaded.tags());
  }

  Arrival arrival() {
    return join.arrival(Position.NOWHERE);
  }
}
