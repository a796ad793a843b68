package larder.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import larder.cache.log.BrokenLog;
import larder.cache.log.MemoryLog;
import larder.cache.log.node.BrokenFollower;
import larder.cache.log.node.BrokenRule;
import larder.cache.log.node.FollowerSettings;
import larder.cache.log.node.JoinRule;
import larder.cache.log.node.LogFollower;
import larder.cache.log.node.ServingRule;
import larder.cache.log.node.Stamp;
import larder.simulation.Promises.Counts;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Breaks one rule at a time and shows that the simulation notices: each rule is needed, and the
 * simulation can fail.
 */
class BrokenRulesTests {

  private static final int SCHEDULES = 60_000;

  /** Schedules that the processors share; the first that shows a violation counts. */
  private static final int AT_ONCE = 128;

  @Test
  void noticesThatTheAsOfIsNotChecked() {
    noticed("as-of not checked", rule(BrokenRule::skipsAsOf));
  }

  @Test
  void noticesThatRecordsAreAppliedOutOfOrder() {
    noticed("applied out of order", follower(BrokenFollower::appliesOutOfOrder));
  }

  @Test
  void noticesThatAWipedLogIsTrusted() {
    noticed("wiped log trusted", log(BrokenLog::trustsWipedState));
  }

  @Test
  void noticesThatAPromotedLogIsTrusted() {
    noticed("promoted log trusted", log(BrokenLog::ignoresPromotion));
  }

  @Test
  void noticesThatEpochsHaveNoRandomPart() {
    noticed("no salt", log(BrokenLog::drawsNoSalt), Scenario::failingOverAndWiped);
  }

  @Test
  void noticesThatTheOriginIsTakenLate() {
    Parts parts =
        new Parts() {
          @Override
          public boolean lateOrigin() {
            return true;
          }
        };
    noticed("origin taken late", parts);
  }

  @Test
  void noticesThatALoadOfCachedValuesCountsAsProvenAtItsOwnOrigin() {
    Parts parts =
        new Parts() {
          @Override
          public Stamp consuming(Stamp load, Stamp part, long provenNanos) {
            Stamp both = load.consuming(part, provenNanos);
            return withInstants(both, load.originNanos(), both.readNanos());
          }
        };
    noticed("proven instant not lowered", parts);
  }

  @Test
  void noticesThatALoadOfCachedValuesCountsAsReadWhenItIsProven() {
    Parts parts =
        new Parts() {
          @Override
          public Stamp consuming(Stamp load, Stamp part, long provenNanos) {
            Stamp both = load.consuming(part, provenNanos);
            return withInstants(both, both.originNanos(), both.originNanos());
          }
        };
    noticed("read instant not lowered", parts, Scenario::losingAppends);
  }

  private static Stamp withInstants(Stamp stamp, long originNanos, long readNanos) {
    return new Stamp(
        stamp.asOf(), stamp.tags(), stamp.complete(), stamp.own(), originNanos, readNanos);
  }

  @Test
  void noticesThatATruncatedPollCounts() {
    noticed("truncated poll counts", follower(BrokenFollower::countsTruncatedPolls));
  }

  @Test
  void noticesThatTheTimeIsCheckedBeforeTheSlots() {
    noticed("time before slots", rule(BrokenRule::readsTimeFirst));
  }

  @Test
  void noticesThatTheClaimIsReadAfterTheSlots() {
    noticed("claim after slots", rule(BrokenRule::readsClaimLast));
  }

  @Test
  void noticesThatUnacknowledgedChangesAreReadAfterTheSlots() {
    noticed("unacknowledged after slots", rule(BrokenRule::readsUnacknowledgedLast));
  }

  @Test
  void noticesThatTheFloorIsNotRaised() {
    noticed("floor not raised", follower(BrokenFollower::leavesFloor));
  }

  @Test
  void noticesThatAHeartbeatOfAnotherEpochCounts() {
    Parts parts =
        new Parts() {
          @Override
          public LogFollower follower(FollowerSettings settings, LongSupplier clock) {
            return BrokenFollower.hearsOtherEpochs(settings, clock);
          }

          @Override
          public MemoryLog log(long identity, LongSupplier millis, LongSupplier salts, int kept) {
            return BrokenLog.acceptsAnyHeartbeat(identity, millis, salts, kept);
          }
        };
    noticed("heartbeat of another epoch", parts);
  }

  /** Either of the two checks alone is enough: the log's refusal, or the node's own. */
  @Test
  void bearsThatOneOfTheTwoEpochChecksOfHeartbeatsIsMissing() {
    Parts[] each = {
      follower(BrokenFollower::hearsOtherEpochs), log(BrokenLog::acceptsAnyHeartbeat)
    };
    for (Parts parts : each) {
      assertThat(firstViolation(parts, Scenario::of, 2_000)).isNull();
    }
  }

  @Test
  void noticesThatARunningLoadIsJoinedUnchecked() {
    noticed("join unchecked", join(BrokenRule::joinsAnything));
  }

  @Test
  void noticesThatACompletedLoadIsTakenUnchecked() {
    noticed("take unchecked", join(BrokenRule::takesAnything));
  }

  @Test
  void noticesThatAPutIsJudgedBeforeItsOwnRecord() {
    noticed("put judged early", follower(BrokenFollower::decidesPutsEarly));
  }

  @Test
  void noticesThatUnacknowledgedChangesAreIgnored() {
    noticed("unacknowledged ignored", rule(BrokenRule::skipsUnacknowledged));
  }

  @Test
  void noticesThatAClaimForTheLogSettlesWhatWasNeverAppended() {
    noticed("settled by the log alone", follower(BrokenFollower::settlesByLogAlone));
  }

  @Test
  void noticesThatOneRecordSettlesAWholeTransaction() {
    noticed(
        "settled by any record",
        follower(BrokenFollower::settlesByAnyRecord),
        Scenario::losingAppendsWithOutbox);
  }

  @Test
  void noticesThatATransactionIsAppliedOnlyOnce() {
    noticed("transaction applied once", follower(BrokenFollower::appliesTransactionsOnce));
  }

  @Test
  void noticesThatACommitOfUnknownOutcomeCarriesItsTransaction() {
    Parts parts =
        new Parts() {
          @Override
          public boolean identifiesUnknownCommits() {
            return true;
          }
        };
    noticed("unknown commit identified", parts);
  }

  @Test
  void noticesThatConnectionsAreMixed() {
    noticed("connections mixed", follower(BrokenFollower::mixesConnections), Scenario::failingOver);
  }

  @Test
  void noticesThatTheArrivalOfAHeartbeatIsClaimed() {
    noticed("arrival claimed", follower(BrokenFollower::claimsArrival));
  }

  @Test
  void noticesThatARelayVouchesForWhatItCouldNotAppend() {
    Parts parts =
        new Parts() {
          @Override
          public boolean heartbeatWithoutAppends() {
            return true;
          }
        };
    noticed("heartbeat without appends", parts);
  }

  @Test
  void noticesThatARelayFixesItsRecordAfterReadingTheOutbox() {
    Parts parts =
        new Parts() {
          @Override
          public boolean lateHeartbeat() {
            return true;
          }
        };
    noticed("heartbeat fixed late", parts);
  }

  private static void noticed(String what, Parts parts) {
    noticed(what, parts, Scenario::of);
  }

  @SuppressWarnings("SystemOut")
  private static void noticed(String what, Parts parts, LongFunction<Scenario> scenarios) {
    Violation violation = firstViolation(parts, scenarios, SCHEDULES);
    if (violation == null) {
      throw new AssertionError(what + " unnoticed in " + SCHEDULES + " schedules");
    }
    System.out.printf("%s: schedule %d, %s%n", what, violation.seed, violation.text);
  }

  private record Violation(long seed, String text) {}

  private static @Nullable Violation firstViolation(
      Parts parts, LongFunction<Scenario> scenarios, int schedules) {
    for (long from = 1; from <= schedules; from += AT_ONCE) {
      Optional<Violation> first =
          LongStream.range(from, Math.min(from + AT_ONCE, schedules + 1L))
              .parallel()
              .mapToObj(seed -> violation(parts, scenarios.apply(seed), seed))
              .filter(Objects::nonNull)
              .findFirst();
      if (first.isPresent()) {
        return first.get();
      }
    }
    return null;
  }

  private static @Nullable Violation violation(Parts parts, Scenario scenario, long seed) {
    String text = Simulation.run(scenario, parts, seed, /* tracing= */ false, new Counts());
    return text == null ? null : new Violation(seed, text);
  }

  /** The scenarios made for single rules do no harm when nothing is broken. */
  @Test
  void keepsEveryPromiseInTheScenariosMadeForSingleRules() {
    assertThat(firstViolation(Parts.SOUND, Scenario::failingOver, 1_000)).isNull();
    assertThat(firstViolation(Parts.SOUND, Scenario::failingOverAndWiped, 1_000)).isNull();
    assertThat(firstViolation(Parts.SOUND, Scenario::losingAppends, 1_000)).isNull();
    assertThat(firstViolation(Parts.SOUND, Scenario::losingAppendsWithOutbox, 1_000)).isNull();
  }

  private interface NewLog {
    MemoryLog of(long identity, LongSupplier millis, LongSupplier salts, int kept);
  }

  private static Parts follower(BiFunction<FollowerSettings, LongSupplier, LogFollower> broken) {
    return new Parts() {
      @Override
      public LogFollower follower(FollowerSettings settings, LongSupplier clock) {
        return broken.apply(settings, clock);
      }
    };
  }

  private static Parts rule(Function<LogFollower, ServingRule> broken) {
    return new Parts() {
      @Override
      public ServingRule servingRule(LogFollower follower) {
        return broken.apply(follower);
      }
    };
  }

  private static Parts join(BiFunction<LogFollower, ServingRule, JoinRule> broken) {
    return new Parts() {
      @Override
      public JoinRule joinRule(LogFollower follower, ServingRule rule) {
        return broken.apply(follower, rule);
      }
    };
  }

  private static Parts log(NewLog broken) {
    return new Parts() {
      @Override
      public MemoryLog log(long identity, LongSupplier millis, LongSupplier salts, int kept) {
        return broken.of(identity, millis, salts, kept);
      }
    };
  }
}
