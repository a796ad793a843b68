package larder.cache.log.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import larder.cache.log.MemoryLog;
import larder.cache.log.Position;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JoinRuleTests {

  private final AtomicLong millis = new AtomicLong(10_000);
  private final AtomicLong salts = new AtomicLong();
  private final MemoryLog log =
      new MemoryLog(1, millis::get, salts::incrementAndGet, /* kept= */ 50);
  private final FollowedNode node = new FollowedNode(log, millis);
  private final FollowedNode other = new FollowedNode(log, millis);

  @BeforeEach
  void begin() {
    node.becomeCurrent();
    other.poll();
  }

  @Test
  void aLoadThatBeganAtOrAfterTheArrivalMayBeJoined() {
    Arrival arrival = node.arrival();
    assertThat(node.join.mayJoin(node.follower.origin(), arrival)).isTrue();
    millis.incrementAndGet();
    assertThat(node.join.mayJoin(node.follower.origin(), arrival)).isTrue();
  }

  @Test
  void aLoadThatBeganBeforeTheArrivalMayNotBeJoinedButMayBeTakenWhenJudged() {
    Stamp load = node.loaded("c:users");
    millis.incrementAndGet();
    Arrival arrival = node.arrival();
    assertThat(node.join.mayJoin(new Origin(load.asOf(), load.originNanos()), arrival)).isFalse();
    assertThat(node.join.mayTake(load, arrival)).isTrue();
  }

  @Test
  void aLoadOvertakenByAChangeIsNotTaken() {
    Stamp load = node.loaded("c:users");
    node.append(FollowedNode.change(1, "c:users"));
    assertThat(node.join.mayTake(load, node.arrival())).isFalse();
  }

  /** The session changed something elsewhere, and this node has not heard of it yet. */
  @Test
  void aLoadNotJudgedByTheSessionsOwnChangeIsNotTaken() {
    Stamp load = node.loaded("k:users:1");
    other.append(FollowedNode.change(1, "c:users"));
    Arrival arrival = node.join.arrival(other.follower.position());
    assertThat(arrival.position()).isEqualTo(other.follower.position());
    assertThat(node.join.mayTake(load, arrival)).isFalse();
    node.poll();
    assertThat(node.join.mayTake(load, arrival)).isTrue();
  }

  @Test
  void anArrivalInAnotherEpochIsReachedByNothingOfThisOne() {
    Stamp load = node.loaded("k:users:1");
    Position elsewhere = new Position(node.follower.position().epoch() + 1, 1);
    assertThat(node.join.mayTake(load, node.join.arrival(elsewhere))).isFalse();
  }
}
