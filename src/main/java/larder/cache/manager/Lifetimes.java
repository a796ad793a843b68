package larder.cache.manager;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import larder.cache.near.NearEntry.Life;
import larder.cache.policy.Policy;
import larder.cache.policy.Policy.Renewal;

/**
 * When entries end, when they are renewed, and when they are loaded again before they end.
 *
 * <p>Early loading is XFetch (Vattani, Chierichetti, Lowenstein: Optimal Probabilistic Cache
 * Stampede Prevention, VLDB 2015): a hit is a miss if the time left is below cost &middot; factor
 * &middot; &minus;ln(random), so that some single caller is early, the likelier the nearer the end
 * and the dearer the load.
 */
final class Lifetimes {

  /** A random number is practically never so small that its logarithm is beyond this. */
  private static final double LARGEST_DRAW = 40;

  /** A life that slides is renewed in Redis when so much of its time to live has passed. */
  private static final int RENEWALS_PER_TTL = 8;

  private Lifetimes() {}

  /**
   * Returns the life of a value that begins now.
   *
   * @param ttl its time to live, jitter applied
   * @param endsIn the time after which it ends in any case
   */
  static Life begin(Policy policy, long nowNanos, Duration ttl, Duration endsIn, long costNanos) {
    long expires = nowNanos + Math.min(ttl.toNanos(), endsIn.toNanos());
    long kept = expires + policy.renewal().staleOnError().toNanos();
    return new Life(nowNanos, expires, nowNanos + endsIn.toNanos(), kept, costNanos);
  }

  /** Returns the time after which a value that is stored now ends in any case. */
  static Duration ends(Policy policy, Duration ttl, boolean found) {
    Renewal renewal = policy.renewal();
    return renewal.slides() && found ? renewal.maxLife() : ttl;
  }

  static boolean isOver(Life life, long nowNanos) {
    return nowNanos - life.expiresNanos() >= 0;
  }

  /** Whether a read now should have the time to live begin anew. */
  static boolean isRenewable(Policy policy, Life life, long nowNanos) {
    return policy.renewal().slides()
        && nowNanos - life.renewedNanos() > policy.ttl().toNanos() / RENEWALS_PER_TTL
        && life.endsNanos() - life.expiresNanos() > 0;
  }

  /** Whether a hit may be one that should load again, since the entry is about to end. */
  static boolean isNearEnd(Policy policy, long leftNanos, long costNanos) {
    return !policy.renewal().slides() && leftNanos < reach(policy, costNanos) * LARGEST_DRAW;
  }

  /** Whether a hit should load again, since the entry is about to end; drawn anew each time. */
  static boolean isDueEarly(Policy policy, long leftNanos, long costNanos) {
    return isNearEnd(policy, leftNanos, costNanos)
        && leftNanos
            < reach(policy, costNanos) * -Math.log(ThreadLocalRandom.current().nextDouble());
  }

  private static double reach(Policy policy, long costNanos) {
    return costNanos * policy.renewal().earlyRefresh();
  }

  /** Returns the time left of an entry that another node stored. */
  static Duration left(long expiresAtMillis, long nowMillis, Policy policy) {
    Duration longest = policy.renewal().slides() ? policy.renewal().maxLife() : policy.ttl();
    long left = Math.min(expiresAtMillis - nowMillis, longest.toMillis());
    return Duration.ofMillis(left);
  }
}
