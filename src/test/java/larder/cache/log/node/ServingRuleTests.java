package larder.cache.log.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import larder.cache.log.MemoryLog;
import larder.cache.log.Position;
import larder.cache.log.Source;
import larder.cache.log.Tags;
import org.junit.jupiter.api.Test;

class ServingRuleTests {

  private final AtomicLong millis = new AtomicLong(10_000);
  private final AtomicLong salts = new AtomicLong();
  private final FollowedNode node =
      new FollowedNode(
          new MemoryLog(1, millis::get, salts::incrementAndGet, /* kept= */ 50), millis);

  @Test
  void servesWhileTheNodeIsCurrentWithinTheBound() {
    node.becomeCurrent();
    Stamp remote = FollowedNode.shared(node.loaded("c:users"));
    assertThat(node.rule.provenAt(remote)).isEqualTo(node.follower.currentAsOf());
    millis.addAndGet(FollowedNode.BOUND);
    assertThat(node.rule.mayServe(remote)).isTrue();
    millis.addAndGet(1);
    assertThat(node.rule.mayServe(remote)).isFalse();
  }

  @Test
  void servesItsOwnLoadsWithinTheBoundWhenNothingIsKnown() {
    Stamp own = node.loaded("c:users");
    assertThat(node.rule.provenAt(own)).isEqualTo(own.originNanos());
    assertThat(node.rule.mayServe(FollowedNode.shared(own))).isFalse();
    millis.addAndGet(FollowedNode.BOUND);
    assertThat(node.rule.mayServe(own)).isTrue();
    millis.addAndGet(1);
    assertThat(node.rule.mayServe(own)).isFalse();
  }

  @Test
  void servesAnIncompleteValueOnlyAsAnOwnLoad() {
    node.becomeCurrent();
    Stamp incomplete = Stamp.loaded(node.follower.origin(), Tags.of("c:users"), false);
    assertThat(node.rule.provenAt(incomplete)).isEqualTo(incomplete.originNanos());
    millis.addAndGet(FollowedNode.BOUND + 1);
    node.poll();
    node.beat(Source.LOG);
    node.beat(Source.LOG);
    node.poll();
    assertThat(node.rule.mayServe(incomplete)).isFalse();
    assertThat(node.rule.mayServe(node.loaded("c:users"))).isTrue();
  }

  @Test
  void provesUpToTheLaterOfClaimAndOrigin() {
    node.becomeCurrent();
    Stamp before = node.loaded("c:users");
    millis.addAndGet(500);
    Stamp after = node.loaded("c:users");
    assertThat(node.rule.provenAt(after)).isEqualTo(after.originNanos());
    node.poll();
    node.beat(Source.LOG);
    node.beat(Source.LOG);
    node.poll();
    assertThat(node.rule.provenAt(before)).isEqualTo(node.follower.currentAsOf());
    assertThat(node.follower.currentAsOf()).isGreaterThan(before.originNanos());
  }

  @Test
  void mayServeARemoteValueThatIsAheadOfTheNode() {
    node.becomeCurrent();
    Position ahead =
        new Position(node.follower.position().epoch(), node.follower.position().n() + 5);
    assertThat(node.rule.mayServe(Stamp.remote(ahead, Tags.of("c:users")))).isTrue();
  }

  @Test
  void condemnationHoldsForOwnLoadsToo() {
    node.becomeCurrent();
    Stamp own = node.loaded("c:users");
    node.append(FollowedNode.change(1, "c:users"));
    assertThat(node.rule.mayServe(own)).isFalse();
  }

  @Test
  void worksWithAClockThatIsNegative() {
    millis.set(-50_000);
    node.becomeCurrent();
    assertThat(node.rule.mayServe(FollowedNode.shared(node.loaded("c:users")))).isTrue();
    assertThat(node.rule.mayServe(node.loaded("c:users"))).isTrue();
  }

  @Test
  void aBoundMustBePositive() {
    assertThatThrownBy(() -> new FollowerSettings(Duration.ZERO, 16, Source.LOG))
        .hasMessage("The maximum staleness must be positive, was: PT0S");
  }
}
