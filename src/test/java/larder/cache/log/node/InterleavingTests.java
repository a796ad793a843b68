package larder.cache.log.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import larder.cache.log.Appended;
import larder.cache.log.LogRecord.Heartbeat;
import larder.cache.log.LogRecord.Invalidation;
import larder.cache.log.MemoryLog;
import larder.cache.log.Polled;
import larder.cache.log.Position;
import larder.cache.log.Source;
import larder.cache.log.Tags;
import larder.cache.log.TransactionId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The orders of events that broke plausible versions of the protocol, one by one. */
class InterleavingTests {

  private static final Source DATABASE = new Source("db", 1);

  private final AtomicLong millis = new AtomicLong(10_000);
  private final AtomicLong salts = new AtomicLong();
  private MemoryLog log = new MemoryLog(1, millis::get, salts::incrementAndGet, /* kept= */ 1_000);
  private final FollowedNode node = new FollowedNode(log, millis);
  private final FollowedNode other = new FollowedNode(log, millis);

  @BeforeEach
  void begin() {
    node.becomeCurrent();
    other.poll();
    other.becomeCurrent();
    node.poll();
  }

  private void passSomeTime() {
    millis.addAndGet(100);
    node.poll();
    other.poll();
  }

  /** One heartbeat behind another, so that polls between them count. */
  private void hearFrom(FollowedNode sender) {
    for (int i = 0; i < 2; i++) {
      passSomeTime();
      sender.beat(Source.LOG);
    }
    node.poll();
    other.poll();
  }

  /**
   * A transaction evicts explicitly and changes a table that only a trigger knows. Two records
   * carry its id, and each names what the other does not.
   */
  @Test
  void bothRecordsOfOneTransactionArrive() {
    Stamp evicted = node.loaded("k:users:1");
    Stamp triggered = node.loaded("t:accounts");
    other.append(FollowedNode.change(7, "k:users:1"));
    other.append(FollowedNode.change(7, "t:accounts"));
    node.poll();
    assertThat(node.rule.mayServe(evicted)).isFalse();
    assertThat(node.rule.mayServe(triggered)).isFalse();
  }

  /** The relay repeats what the fast path told: a value loaded in between stays. */
  @Test
  void aWriteCostsOneMiss() {
    other.append(FollowedNode.change(7, "c:users", "t:users"));
    node.poll();
    Stamp reloaded = node.loaded("c:users", "t:users");
    other.append(FollowedNode.change(7, "t:users"));
    node.poll();
    assertThat(node.rule.mayServe(reloaded)).isTrue();
  }

  /**
   * A node pauses for 6 s while 500 records are written in each second. Its polls return full pages
   * of the past: none of them proves that the next record did not exist.
   */
  @Test
  void truncatedPollsAreNoEvidence() {
    Stamp value = FollowedNode.shared(node.loaded("c:users"));
    for (int i = 0; i < 900; i++) {
      other.append(FollowedNode.change(i, "k:accounts:" + i));
      if (i % 50 == 0) {
        other.beat(Source.LOG);
      }
    }
    other.append(FollowedNode.change(1_000, "c:users"));
    millis.addAndGet(6_000);
    for (int i = 0; i < 180; i++) {
      assertThat(node.pollOnce().truncated()).isTrue();
      assertThat(node.rule.mayServe(value)).isFalse();
      millis.incrementAndGet();
    }
    node.poll();
    hearFrom(other);
    assertThat(node.rule.mayServe(value)).isFalse();
    assertThat(node.rule.mayServe(FollowedNode.shared(node.loaded("c:users")))).isTrue();
  }

  /** 500 writes in each second for a minute: the claim keeps up. */
  @Test
  void aBusyLogLeavesTheNodeCurrent() {
    for (int second = 0; second < 60; second++) {
      for (int i = 0; i < 500; i++) {
        other.append(FollowedNode.change(1_000 * second + i, "k:accounts:" + i));
        millis.addAndGet(2);
        if (i % 5 == 0) {
          node.poll();
        }
        if (i % 200 == 0) {
          other.beat(Source.LOG);
        }
      }
      long age = node.nanos() - node.follower.currentAsOf();
      assertThat(age).isLessThan(1_300L * 1_000_000);
    }
  }

  /**
   * A poll of the old master comes back empty after the node has moved to the new one, where
   * records stand already. It proves nothing of them.
   */
  @Test
  void anAnswerOnAnEarlierConnectionIsNoEvidence() {
    millis.addAndGet(500);
    Poll old = node.follower.poll();
    node.follower.reconnected();
    node.follower.polled(old, new Polled(List.of(), false));
    long claimed = node.follower.currentAsOf();
    other.beat(Source.LOG);
    other.beat(Source.LOG);
    node.pollOnce();
    assertThat(node.follower.currentAsOf()).isEqualTo(claimed).isLessThan(old.sentNanos());
  }

  /**
   * The reader stops between slots and time for as long as the node needs to lose sight of the log
   * and find it again, with a record in between that condemns the value.
   */
  @Test
  void aReaderPausedWithinTheRuleServesNothingStale() {
    Stamp value = FollowedNode.shared(node.loaded("c:users"));
    List<Runnable> pause = new ArrayList<>();
    LogFollower paused =
        new LogFollower(
            node.follower.settings(),
            () -> {
              if (!pause.isEmpty()) {
                pause.remove(0).run();
              }
              return node.nanos();
            },
            FollowerListener.NO_OP);
    follow(paused);
    pause.add(
        () -> {
          other.append(FollowedNode.change(1, "c:users"));
          millis.addAndGet(60_000);
          for (int i = 0; i < 3; i++) {
            hearFrom(other);
            follow(paused);
          }
        });
    assertThat(new ServingRule(paused).mayServe(value)).isFalse();
    assertThat(pause).isEmpty();
    assertThat(paused.heardWithin(1_000_000_000)).as("current again").isTrue();
  }

  private void follow(LogFollower follower) {
    boolean more = true;
    while (more) {
      Poll poll = follower.poll();
      Polled reply = log.poll(poll.cursor(), 100);
      follower.polled(poll, reply);
      more = reply.truncated();
    }
  }

  /** Somebody else's record falls just before the put's own, and comes with the same answer. */
  @Test
  void aForeignRecordJustBeforeThePutsOwnMakesItAnEvict() {
    List<Stamp> stored = new ArrayList<>();
    Stamp put = node.loaded("k:users:1", "t:users:1");
    Sending sending = node.send(FollowedNode.change(7, "k:users:1", "t:users:1"));
    node.follower.put(new TransactionId("db", 7), Tags.hash("k:users:1"), put, stored::add);
    other.append(FollowedNode.change(8, "t:users:1"));
    node.follower.answered(sending, node.execute(sending));
    assertThat(stored).isEmpty();
    assertThat(node.rule.mayServe(put)).isFalse();
  }

  /** A later write of the same row on the same node is answered first. */
  @Test
  void aPutAnsweredAfterALaterWriteOfItsRowIsNotServed() {
    List<Stamp> stored = new ArrayList<>();
    Stamp put = node.loaded("k:users:1", "t:users:1");
    Sending first = node.send(FollowedNode.change(7, "k:users:1", "t:users:1"));
    node.follower.put(new TransactionId("db", 7), Tags.hash("k:users:1"), put, stored::add);
    Appended late = node.execute(first);
    assertThat(node.append(FollowedNode.change(8, "k:users:1", "t:users:1"))).isTrue();
    node.follower.answered(first, late);
    assertThat(stored).allSatisfy(stamp -> assertThat(node.rule.mayServe(stamp)).isFalse());
  }

  /** Nobody else: the put stays, on this node and on others. */
  @Test
  void anUndisturbedPutIsServedEverywhere() {
    List<Stamp> stored = new ArrayList<>();
    Stamp put = node.loaded("k:users:1", "t:users:1");
    node.follower.put(new TransactionId("db", 7), Tags.hash("k:users:1"), put, stored::add);
    node.append(FollowedNode.change(7, "k:users:1", "t:users:1"));
    assertThat(stored).hasSize(1);
    assertThat(node.rule.mayServe(stored.get(0))).isTrue();
    other.poll();
    assertThat(other.rule.mayServe(FollowedNode.shared(stored.get(0)))).isTrue();
  }

  /** The caller has just written; the load of a query has read the database before. */
  @Test
  void aLoadFromBeforeTheOwnWriteIsNotTaken() {
    Stamp running = node.loaded("c:users", "t:users");
    millis.incrementAndGet();
    node.append(FollowedNode.change(1, "t:users"));
    Arrival arrival = node.arrival();
    assertThat(node.join.mayJoin(new Origin(running.asOf(), running.originNanos()), arrival))
        .isFalse();
    assertThat(node.join.mayTake(running, arrival)).isFalse();
  }

  /** The load has taken 10 s, and since then no heartbeat has come. */
  @Test
  void aLoadOfTenSecondsIsNotTakenWhenHeartbeatsAreGone() {
    Stamp running = node.loaded("c:users");
    millis.addAndGet(9_000);
    Arrival arrival = node.arrival();
    millis.addAndGet(1_000);
    assertThat(node.join.mayTake(running, arrival)).isFalse();
  }

  private void failOver(MemoryLog.Promotion replica) {
    log =
        replica.into(
            new MemoryLog(
                2, () -> millis.get() - 5_000, salts::incrementAndGet, /* kept= */ 1_000));
    for (FollowedNode moving : List.of(node, other)) {
      moving.log = log;
      moving.follower.reconnected();
    }
  }

  /** The promoted server lacks the last records, which a node has seen. */
  @Test
  void aLostTailWithAWitnessBeginsANewHistory() {
    Stamp value = node.loaded("c:users");
    MemoryLog.Promotion replica = log.snapshot();
    node.append(FollowedNode.change(1, "k:users:1"));
    Position lost = node.follower.position();
    failOver(replica);
    assertThat(node.append(FollowedNode.change(2, "k:users:2"))).isFalse();
    node.poll();
    assertThat(node.follower.position().epoch()).isGreaterThan(lost.epoch());
    assertThat(node.rule.mayServe(value)).isFalse();
  }

  /** Nobody who has seen the tail is left, and its numbers would be used again. */
  @Test
  void aLostTailWithoutAWitnessBeginsANewHistory() {
    Stamp value = other.loaded("c:users");
    long epoch = other.follower.position().epoch();
    MemoryLog.Promotion replica = log.snapshot();
    node.append(FollowedNode.change(1, "c:users"));
    failOver(replica);
    other.append(FollowedNode.change(2, "k:users:2"));
    other.poll();
    assertThat(other.follower.position().epoch()).isGreaterThan(epoch);
    assertThat(other.rule.mayServe(value)).isFalse();
  }

  /** Begun before the failover, executed after it: its record number means another record there. */
  @Test
  void aHeartbeatOfTheOldHistoryIsRefusedByTheNew() {
    Heartbeat begun = node.follower.heartbeat(Source.LOG);
    Sending sending = node.send(begun);
    failOver(log.snapshot());
    other.append(FollowedNode.change(1, "c:users"));
    Appended reply = log.heartbeat(sending.seen(), begun);
    assertThat(reply.accepted()).isFalse();
    node.follower.answered(sending, reply);
    node.poll();
    assertThat(node.follower.currentAsOf()).isEqualTo(ServingRule.NOT_PROVEN);
  }

  /** The log is wiped, and its counter is still far below where the reader stands. */
  @Test
  void aWipedLogWithALowCounterIsReadFromItsBeginning() {
    for (int i = 0; i < 50; i++) {
      other.append(FollowedNode.change(i, "k:accounts:1"));
    }
    node.poll();
    Stamp value = node.loaded("c:users");
    log.wipe();
    millis.incrementAndGet();
    FollowedNode newcomer = new FollowedNode(log, millis);
    newcomer.append(FollowedNode.change(99, "c:users"));
    node.poll();
    assertThat(node.follower.position().n()).isEqualTo(2);
    assertThat(node.rule.mayServe(value)).isFalse();
  }

  /** The append times out. On this node the next request sees the write at once. */
  @Test
  void anUnansweredAppendHidesWhatItTouches() {
    Stamp before = node.loaded("c:users");
    Stamp untouched = node.loaded("c:accounts");
    Sending sending = node.send(FollowedNode.change(7, "c:users"));
    node.follower.unanswered(sending);
    assertThat(node.rule.mayServe(before)).isFalse();
    assertThat(node.rule.mayServe(untouched)).isTrue();
    millis.incrementAndGet();
    assertThat(node.rule.mayServe(node.loaded("c:users"))).isTrue();
  }

  /** Without an outbox, no number of heartbeats makes up for a record that was never appended. */
  @Test
  void aClaimForTheLogDoesNotSettleAnUnansweredAppend() {
    Stamp before = node.loaded("c:users");
    node.follower.unanswered(node.send(FollowedNode.change(7, "c:users")));
    hearFrom(other);
    hearFrom(other);
    assertThat(node.rule.mayServe(before)).isFalse();
    assertThat(node.follower.outstanding()).hasSize(1);
  }

  /** A node that relies on an outbox hears a fleet-mate that has none. */
  @Test
  void heartbeatsThatVouchForTheLogAloneDoNotCountWhereAnOutboxIsReliedOn() {
    FollowedNode relying = new FollowedNode(log, millis, DATABASE);
    relying.poll();
    for (int i = 0; i < 3; i++) {
      millis.addAndGet(100);
      relying.poll();
      other.beat(Source.LOG);
    }
    relying.poll();
    assertThat(relying.follower.currentAsOf()).isEqualTo(ServingRule.NOT_PROVEN);
    for (int i = 0; i < 3; i++) {
      millis.addAndGet(100);
      relying.poll();
      other.beat(DATABASE);
    }
    relying.poll();
    assertThat(relying.follower.currentAsOf()).isNotEqualTo(ServingRule.NOT_PROVEN);
    assertThat(node.follower.position()).isLessThan(relying.follower.position());
  }

  /** With an outbox, a claim that passes the commit has read its row. */
  @Test
  void aClaimForTheDatabaseSettlesAnUnansweredAppend() {
    FollowedNode relying = new FollowedNode(log, millis, DATABASE);
    relying.poll();
    relying.follower.unanswered(relying.send(FollowedNode.change(7, "c:users")));
    for (int i = 0; i < 3; i++) {
      millis.addAndGet(100);
      relying.poll();
      relying.beat(DATABASE);
    }
    assertThat(relying.follower.outstanding()).isEmpty();
  }

  /** A record without an identity may precede its own change: it is applied each time. */
  @Test
  void aChangeOfUnknownOutcomeIsAppliedWheneverItIsTold() {
    other.append(new Invalidation(Tags.of("c:users"), null));
    node.poll();
    Stamp between = node.loaded("c:users");
    other.append(new Invalidation(Tags.of("c:users"), null));
    node.poll();
    assertThat(node.rule.mayServe(between)).isFalse();
  }

  /** A restarted node reads the kept log and serves what others have shared. */
  @Test
  void aRestartKeepsSharedValuesWarm() {
    Stamp shared = FollowedNode.shared(node.loaded("c:users"));
    other.append(FollowedNode.change(1, "c:accounts"));
    FollowedNode restarted = new FollowedNode(log, millis);
    assertThat(restarted.rule.mayServe(shared)).isFalse();
    restarted.poll();
    assertThat(restarted.rule.mayServe(shared)).as("before a heartbeat").isFalse();
    for (int i = 0; i < 2; i++) {
      millis.addAndGet(100);
      restarted.poll();
      other.beat(Source.LOG);
    }
    restarted.poll();
    assertThat(restarted.rule.mayServe(shared)).isTrue();
  }

  /**
   * The other way round: the promoted server lacks the last records, and its empty poll proves that
   * they did not exist. A late answer of the old server brings a heartbeat that names one of them.
   */
  @Test
  void aLateAnswerOfTheOldServerClaimsNothing() {
    MemoryLog.Promotion replica = log.snapshot();
    other.append(FollowedNode.change(1, "k:accounts:1"));
    other.beat(Source.LOG);
    Poll late = node.follower.poll();
    Polled answer = log.poll(late.cursor(), 10);
    millis.addAndGet(60_000);
    other.log = log;
    failOver(replica);
    node.poll();
    long claimed = node.follower.currentAsOf();
    node.follower.polled(late, answer);
    assertThat(node.follower.currentAsOf()).isEqualTo(claimed);
  }

  /**
   * A node writes to the old server while its poll is under way to the new one, where another node
   * has loaded a value before that write. The write is acknowledged in the history that is left.
   */
  @Test
  void anAcknowledgementOfALeftHistoryIsDoubted() {
    assertThat(staleAfterLeavingAHistory(node)).isFalse();
  }

  /** The same, by a node that trusts the acknowledgement: the case is one. */
  @Test
  void anAcknowledgementOfALeftHistoryWouldServeAStaleValue() {
    LogFollower trusting =
        BrokenFollower.keepsAcknowledgements(node.follower.settings(), node::nanos);
    FollowedNode broken = new FollowedNode(log, millis, trusting);
    broken.poll();
    assertThat(staleAfterLeavingAHistory(broken)).isTrue();
  }

  private boolean staleAfterLeavingAHistory(FollowedNode moving) {
    MemoryLog promoted =
        log.snapshot().into(new MemoryLog(2, millis::get, salts::incrementAndGet, 1_000));
    other.log = promoted;
    other.follower.reconnected();
    other.append(FollowedNode.change(1, "k:accounts:1"));
    other.poll();
    Stamp before = FollowedNode.shared(other.loaded("c:users"));
    moving.follower.reconnected();
    Poll poll = moving.follower.poll();
    Polled reply = promoted.poll(poll.cursor(), 10);
    millis.addAndGet(10);
    assertThat(moving.append(FollowedNode.change(2, "c:users"))).isTrue();
    moving.log = promoted;
    moving.follower.polled(poll, reply);
    other.append(FollowedNode.change(3, "k:accounts:1"));
    other.beat(Source.LOG);
    moving.poll();
    assertThat(moving.follower.currentAsOf()).isEqualTo(poll.sentNanos());
    return moving.rule.mayServe(before);
  }

  /**
   * A poll is given up, the records are lost, and the next poll finds nothing; then the first is
   * answered after all, with a heartbeat that names one of the records.
   */
  @Test
  void aLateAnswerToAPollThatWasGivenUpClaimsNothing() {
    other.append(FollowedNode.change(1, "k:accounts:1"));
    other.beat(Source.LOG);
    Poll late = node.follower.poll();
    Polled answer = log.poll(late.cursor(), 10);
    log.loseRecords();
    millis.addAndGet(60_000);
    node.poll();
    long claimed = node.follower.currentAsOf();
    node.follower.polled(late, answer);
    assertThat(node.follower.position()).isEqualTo(other.follower.position());
    assertThat(node.follower.currentAsOf()).isEqualTo(claimed);
  }
}
