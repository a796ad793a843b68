package larder.cache.log.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import larder.cache.log.LogEntry;
import larder.cache.log.LogRecord.Everything;
import larder.cache.log.MemoryLog;
import larder.cache.log.Polled;
import larder.cache.log.Position;
import larder.cache.log.Source;
import org.junit.jupiter.api.Test;

class LogFollowerTests {

  private final AtomicLong millis = new AtomicLong(10_000);
  private final AtomicLong salts = new AtomicLong();
  private final MemoryLog log =
      new MemoryLog(1, millis::get, salts::incrementAndGet, /* kept= */ 20);
  private final FollowedNode node = new FollowedNode(log, millis);
  private final FollowedNode other = new FollowedNode(log, millis);

  @Test
  void standsNowhereAndClaimsNothingAtFirst() {
    assertThat(node.follower.position()).isEqualTo(Position.NOWHERE);
    assertThat(node.follower.currentAsOf()).isEqualTo(ServingRule.NOT_PROVEN);
    node.poll();
    assertThat(node.follower.position()).isEqualTo(Position.NOWHERE);
  }

  @Test
  void appliesEachRecordOnceAndInOrder() {
    node.becomeCurrent();
    other.poll();
    other.append(FollowedNode.change(1, "c:users"));
    Poll poll = node.follower.poll();
    Polled reply = log.poll(poll.cursor(), 10);
    other.append(FollowedNode.change(2, "c:users"));
    assertThat(node.append(FollowedNode.change(3, "c:users"))).isTrue();
    Position reached = node.follower.position();
    node.follower.polled(poll, reply);
    assertThat(node.follower.position()).isEqualTo(reached);
    assertThat(reached.n()).isEqualTo(other.follower.position().n() + 1);
  }

  @Test
  void isCurrentAsOfTheLatestPollThatEndedBelowTheHeartbeatsRecord() {
    node.beat(Source.LOG);
    node.poll();
    millis.set(20_000);
    node.poll();
    millis.set(20_100);
    other.poll();
    other.beat(Source.LOG);
    millis.set(20_200);
    node.poll();
    assertThat(node.follower.currentAsOf())
        .as("the record named is older than all polls")
        .isEqualTo(ServingRule.NOT_PROVEN);
    other.beat(Source.LOG);
    node.poll();
    assertThat(node.follower.currentAsOf()).isEqualTo(20_000L * 1_000_000);
  }

  @Test
  void goesOnBehindAGapWithARaisedFloorAndWithoutEvidence() {
    node.becomeCurrent();
    Stamp value = node.loaded("k:users:1");
    other.poll();
    for (int i = 0; i < 30; i++) {
      other.append(FollowedNode.change(i, "k:accounts:" + i));
    }
    node.poll();
    millis.addAndGet(10);
    assertThat(node.follower.position()).isEqualTo(other.follower.position());
    assertThat(node.rule.mayServe(value)).isFalse();
    long claimed = node.follower.currentAsOf();
    other.beat(Source.LOG);
    node.pollOnce();
    assertThat(node.follower.currentAsOf()).isEqualTo(claimed);
  }

  @Test
  void tellsItsListenerOfAGapAndANewHistory() {
    List<String> heard = new ArrayList<>();
    LogFollower follower =
        new LogFollower(
            new FollowerSettings(Duration.ofSeconds(2), 16, Source.LOG),
            millis::get,
            new FollowerListener() {
              @Override
              public void newHistory(Position position) {
                heard.add("history " + position);
              }

              @Override
              public void gap(Position from, Position to) {
                heard.add("gap " + from + " " + to);
              }
            });
    follower.polled(
        follower.poll(), polled(new Position(7, 3), new Position(7, 6), new Position(9, 1)));
    assertThat(heard).containsExactly("history 7-2", "gap 7-3 7-5", "history 9-0");
    assertThat(follower.position()).isEqualTo(new Position(9, 1));
  }

  private static Polled polled(Position... positions) {
    List<LogEntry> entries = new ArrayList<>();
    for (Position position : positions) {
      entries.add(new LogEntry(position, FollowedNode.change(1, "a")));
    }
    return new Polled(entries, false);
  }

  @Test
  void passesOverRecordsOfAnEarlierHistory() {
    node.follower.polled(node.follower.poll(), polled(new Position(9, 1)));
    node.follower.polled(node.follower.poll(), polled(new Position(7, 2), new Position(7, 3)));
    assertThat(node.follower.position()).isEqualTo(new Position(9, 1));
  }

  @Test
  void condemnsAllWhenARecordMeansAll() {
    node.becomeCurrent();
    Stamp value = node.loaded("k:users:1");
    assertThat(node.rule.mayServe(value)).isTrue();
    node.append(Everything.RECORD);
    assertThat(node.rule.mayServe(value)).isFalse();
  }

  @Test
  void remembersWhatWasNotAnswered() {
    node.becomeCurrent();
    Stamp value = node.loaded("c:users");
    Sending sending = node.send(FollowedNode.change(1, "c:users"));
    node.follower.unanswered(sending);
    assertThat(node.rule.mayServe(value)).isFalse();
    assertThat(node.follower.outstanding())
        .containsExactly(new Outstanding(sending.record(), sending.committedNanos()));
    assertThat(node.append(sending.record())).isTrue();
    assertThat(node.follower.outstanding()).isEmpty();
    assertThat(node.rule.mayServe(node.loaded("c:users"))).isTrue();
  }

  @Test
  void takesAnAnswerFromAnotherEpochForNone() {
    node.becomeCurrent();
    Sending sending = node.send(FollowedNode.change(1, "c:users"));
    log.wipe();
    assertThat(node.follower.answered(sending, node.execute(sending))).isFalse();
    assertThat(node.follower.outstanding()).hasSize(1);
    node.poll();
    assertThat(node.follower.outstanding()).as("seen in the log").isEmpty();
  }

  @Test
  void anAnswerThatComesLateSettles() {
    node.becomeCurrent();
    Sending sending = node.send(FollowedNode.change(1, "c:users"));
    node.follower.unanswered(sending);
    assertThat(node.follower.answered(sending, node.execute(sending))).isTrue();
    assertThat(node.follower.outstanding()).isEmpty();
  }

  @Test
  void forgetsNothingForAHeartbeatWithoutAnswer() {
    node.becomeCurrent();
    node.follower.unanswered(node.send(node.follower.heartbeat(Source.LOG)));
    assertThat(node.follower.outstanding()).isEmpty();
  }

  @Test
  void knowsWhetherAHeartbeatWasHeardLately() {
    assertThat(node.follower.heardWithin(1_000_000_000)).isFalse();
    node.becomeCurrent();
    assertThat(node.follower.heardWithin(1_000_000_000)).isTrue();
    millis.addAndGet(1_001);
    assertThat(node.follower.heardWithin(1_000_000_000)).isFalse();
  }
}
